// [data-lens]: who is in a photo. The form keeps itself at each change; this only ticks boxes for the two quick buttons
// and keeps "nobody" and children apart. Without it the same buttons and boxes are read by the server.
const boxes = (lens) => [...lens.querySelectorAll("[data-lens-child]")];
const nobody = (lens) => lens.querySelector("[data-lens-nobody]");

function tick(lens, names, isNobody) {
  for (const box of boxes(lens)) box.checked = names.has(box.value);
  nobody(lens).checked = isNobody;
  nobody(lens).dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-lens-same], [data-lens-whole]");
  const lens = button?.closest("[data-lens]");
  if (!lens) return;
  event.preventDefault();
  if ("lensWhole" in button.dataset) {
    tick(lens, new Set(boxes(lens).map((box) => box.value)), false);
    return;
  }
  const before = lens.closest("[data-photo]").previousElementSibling?.querySelector("[data-lens]");
  if (!before) return;
  const names = boxes(before).filter((box) => box.checked).map((box) => box.value);
  tick(lens, new Set(names), nobody(before).checked);
});

// Before the form hears of it, so that it never sends both.
document.addEventListener("change", (event) => {
  const lens = event.target.closest?.("[data-lens]");
  if (!lens) return;
  if ("lensChild" in event.target.dataset && event.target.checked) nobody(lens).checked = false;
  if ("lensNobody" in event.target.dataset && event.target.checked) {
    for (const box of boxes(lens)) box.checked = false;
  }
}, true);
