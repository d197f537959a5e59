// Menus are popovers and work by themselves; this adds arrow keys, and places them where the
// browser cannot.
const shown = (menu) => [...menu.querySelectorAll("a, button")].filter((item) => item.getClientRects().length);

document.addEventListener("keydown", (event) => {
  const at = document.activeElement;
  const opener = at?.closest("[popovertarget]");
  const closed = opener && document.getElementById(opener.getAttribute("popovertarget"));
  if (closed?.matches(".menu:not(:popover-open)") && event.key === "ArrowDown") {
    event.preventDefault();
    closed.showPopover({ source: opener });
    shown(closed)[0]?.focus();
    return;
  }
  const menu = closed?.matches(".menu:popover-open") ? closed : at?.closest(".menu:popover-open");
  const step = { ArrowDown: 1, ArrowUp: -1, Home: -1, End: 1 }[event.key];
  if (!menu || !step) return;
  event.preventDefault();
  const items = shown(menu);
  const index = items.indexOf(at);
  if (event.key === "Home" || event.key === "End" || (index < 0 && step < 0)) {
    items.at(event.key === "Home" ? 0 : -1)?.focus();
  } else {
    items[(index + step + items.length) % items.length]?.focus();
  }
});

if (!CSS.supports("position-area: block-end")) {
  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (event.newState !== "open" || !menu.matches(".menu")) return;
    const box = document.querySelector(`[popovertarget="${menu.id}"]`).getBoundingClientRect();
    const up = box.bottom + menu.offsetHeight > innerHeight;
    const left = menu.matches(".menu--start, .menu--up") ? box.left : box.right - menu.offsetWidth;
    menu.style.left = `${Math.max(8, left)}px`;
    menu.style.top = `${up ? box.top - menu.offsetHeight - 8 : box.bottom}px`;
  }, true);
}
