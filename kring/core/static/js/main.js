// One small module per data- hook. Nothing here is needed to read a page or to send a form.
import "./csrf.js";
import "./toasts.js";
import "./dialogs.js";
import "./confirm.js";
import "./autosubmit.js";
import "./connection.js";
import "./copy.js";
import "./passkeys.js";
import "./photo-upload.js";
import "./photo-lens.js";
import "./photo-frame.js";
import "./compose.js";
import "./seen.js";
import "./live.js";
import "./taken.js";
import "./talk.js";
import "./thread.js";
import "./push.js";
import "./print.js";
import "./viewer.js";

document.documentElement.classList.add("js");
