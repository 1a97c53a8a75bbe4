// [data-frame]: a frame on a photo, by pointer, touch and keyboard. It only writes the four numbers of the form, in
// percent; without it those are typed.
const STEP = 2; // percent for each press of an arrow
const LEAST = 2; // percent: a smaller frame is a slip of the finger
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
  box.hidden = false;
  draw();
}
