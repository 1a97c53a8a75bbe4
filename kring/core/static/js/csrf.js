// htmx sends forms without a hidden field too (a heart, "seen"): the token goes along as a header.
function token() {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith("kring_csrf="));
  return found ? decodeURIComponent(found.slice("kring_csrf=".length)) : "";
}

export function csrfHeaders() {
  return { "X-CSRFToken": token() };
}

// Signing in again in another tab changes the token; a form that stayed open takes the new one along.
document.addEventListener("submit", (event) => {
  const field = event.target.querySelector?.("input[name=csrfmiddlewaretoken]");
  if (field && token()) field.value = token();
}, true);

document.addEventListener("htmx:config:request", (event) => {
  const request = event.detail.ctx.request;
  if (request.method !== "GET") Object.assign(request.headers, csrfHeaders());
});
