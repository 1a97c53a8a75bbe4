// Passkeys: signing in, proving it is you, and adding one. A form says what it does with data-passkey:
//   sign-in  asks the form's address for a challenge, then sends the answer
//   prove    answers the challenge in the JSON element that data-options names
//   add      makes a passkey from the options there
// Without this script, or on a device that has no passkeys, the button stays away and the other ways remain.

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list) => (list || []).map((entry) => ({ ...entry, id: toBytes(entry.id) }));

async function answer({ publicKey }) {
  const options = { ...publicKey, challenge: toBytes(publicKey.challenge), allowCredentials: known(publicKey.allowCredentials) };
  const found = await navigator.credentials.get({ publicKey: options });
  const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
  return {
    ...basis(found),
    response: {
      clientDataJSON: toText(clientDataJSON),
      authenticatorData: toText(authenticatorData),
      signature: toText(signature),
      userHandle: userHandle ? toText(userHandle) : null,
    },
  };
}

async function make({ publicKey }) {
  const options = {
    ...publicKey,
    challenge: toBytes(publicKey.challenge),
    user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
    excludeCredentials: known(publicKey.excludeCredentials),
    // A passkey signs in by itself, so the device must know its owner.
    authenticatorSelection: {
      ...publicKey.authenticatorSelection,
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    },
  };
  const made = await navigator.credentials.create({ publicKey: options });
  const { clientDataJSON, attestationObject } = made.response;
  return {
    ...basis(made),
    response: {
      clientDataJSON: toText(clientDataJSON),
      attestationObject: toText(attestationObject),
      transports: made.response.getTransports ? made.response.getTransports() : [],
    },
  };
}

const basis = (credential) => ({
  id: credential.id,
  rawId: toText(credential.rawId),
  type: credential.type,
  authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
  clientExtensionResults: credential.getClientExtensionResults(),
});

async function optionsOf(form) {
  if (form.dataset.passkey !== "sign-in") {
    return JSON.parse(document.getElementById(form.dataset.options).textContent);
  }
  const reply = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!reply.ok) throw new Error(`The server answered ${reply.status}`);
  const found = await reply.json();
  return found.request_options;
}

function start(form) {
  const problem = form.querySelector("[data-passkey-problem]");
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    if (problem) problem.hidden = true;
    try {
      let options = await optionsOf(form);
      if (options.creation_options || options.request_options) options = options.creation_options || options.request_options;
      const credential = form.dataset.passkey === "add" ? await make(options) : await answer(options);
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch {
      // Stopped by the person, or the device has no passkey for this address: the page offers the other ways.
      if (problem) problem.hidden = false;
    }
  });
  form.hidden = false;
}

if (window.PublicKeyCredential) document.querySelectorAll("form[data-passkey]").forEach(start);
