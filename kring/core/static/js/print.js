// A button that prints the page; without script it is not shown (class needs-script).
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
