// [data-frame]: a frame on a photo, by pointer, touch and keyboard. It only writes the four numbers of the form, in
// percent; without it those are typed. Frames that stand already are kept as x, y, w and h, in fractions.
const STEP = 2; // percent for each press of an arrow
const LEAST = 2; // percent: a smaller frame is a slip of the finger
const NEXT = 20; // percent: a further frame begins no larger than this
const MOST = 20; // frames in one go, as the server takes them (frames.py)
const form = document.querySelector("[data-frame]");

if (form) {
  const picture = form.querySelector("[data-frame-picture]");
  const box = form.querySelector("[data-frame-box]");
  const field = (name) => form.querySelector(`[data-frame-number="${name}"]`);
  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
  const read = () => Object.fromEntries(["x", "y", "w", "h"].map((name) => [name, Number(field(name).value) || 0]));

  const draw = () => {
    const { x, y, w, h } = read();
    Object.assign(box.style, { left: `${x}%`, top: `${y}%`, width: `${w}%`, height: `${h}%` });
  };

  const put = ({ x, y, w, h }) => {
    const width = clamp(w, LEAST, 100);
    const height = clamp(h, LEAST, 100);
    const values = { x: clamp(x, 0, 100 - width), y: clamp(y, 0, 100 - height), w: width, h: height };
    for (const [name, value] of Object.entries(values)) field(name).value = Math.round(value * 10) / 10;
    draw();
  };

  const point = (event) => {
    const area = picture.getBoundingClientRect();
    const x = ((event.clientX - area.left) / area.width) * 100;
    const y = ((event.clientY - area.top) / area.height) * 100;
    return { x: clamp(x, 0, 100), y: clamp(y, 0, 100) };
  };

  let drag = null;
  picture.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    picture.setPointerCapture(event.pointerId);
    const kind = event.target.closest("[data-frame-grip]") ? "pull" : event.target === box ? "move" : "new";
    drag = { kind, from: point(event), start: read() };
    box.focus({ preventScroll: true });
  });
  picture.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const { kind, from, start } = drag;
    const to = point(event);
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    if (kind === "move") put({ ...start, x: start.x + dx, y: start.y + dy });
    else if (kind === "pull") {
      put({ ...start, w: Math.min(start.w + dx, 100 - start.x), h: Math.min(start.h + dy, 100 - start.y) });
    } else if (Math.abs(dx) > LEAST || Math.abs(dy) > LEAST) {
      put({ x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), w: Math.abs(dx), h: Math.abs(dy) });
    }
  });
  for (const end of ["pointerup", "pointercancel"]) {
    picture.addEventListener(end, () => {
      drag = null;
    });
  }

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  box.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    const now = read();
    const [dx, dy] = arrow.map((sign) => sign * STEP);
    if (event.shiftKey) {
      put({ ...now, w: Math.min(now.w + dx, 100 - now.x), h: Math.min(now.h + dy, 100 - now.y) });
    } else put({ ...now, x: now.x + dx, y: now.y + dy });
  });
  form.addEventListener("input", draw);

  const more = form.querySelector("[data-frame-more]");
  const stands = [];

  // Several people can be covered, but only one part can be kept.
  const tell = () => {
    const say = more.querySelector("[data-frame-say]");
    say.textContent = stands.length ? (stands.length === 1 ? say.dataset.one : say.dataset.many).replace("%1", stands.length) : "";
    more.querySelector("[data-frame-undo]").hidden = !stands.length;
    more.querySelector("[data-frame-add]").disabled = stands.length >= MOST - 1;
    form.querySelector("[data-frame-crop]").disabled = stands.length > 0;
  };

  const keep = (values) => {
    const mark = document.createElement("div");
    mark.className = "frame__stands";
    mark.setAttribute("aria-hidden", "true");
    Object.assign(mark.style, { left: box.style.left, top: box.style.top, width: box.style.width, height: box.style.height });
    box.before(mark);
    const fields = Object.entries(values).map(([name, value]) => {
      const hidden = document.createElement("input");
      Object.assign(hidden, { type: "hidden", name, value: value / 100 });
      form.append(hidden);
      return hidden;
    });
    stands.push({ values, parts: [mark, ...fields] });
  };

  more.querySelector("[data-frame-add]").addEventListener("click", () => {
    const now = read();
    keep(now);
    // A small one beside the last, so that it is seen at once which frame can be moved.
    const [w, h] = [Math.min(now.w, NEXT), Math.min(now.h, NEXT)];
    const right = now.x + now.w + STEP;
    put({ x: right + w <= 100 ? right : Math.max(0, now.x - w - STEP), y: now.y, w, h });
    tell();
    box.focus({ preventScroll: true });
  });
  more.querySelector("[data-frame-undo]").addEventListener("click", () => {
    const last = stands.pop();
    if (!last) return;
    for (const part of last.parts) part.remove();
    put(last.values); // it can be moved again
    tell();
    if (!stands.length) more.querySelector("[data-frame-add]").focus();
  });
  more.hidden = false;
  box.hidden = false;
  draw();
}
