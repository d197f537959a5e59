// Dialogs come from the server as <dialog> in #dialog; this opens, closes, and gives focus back.
const place = () => document.getElementById("dialog");
let opener = null;

document.addEventListener("click", (event) => {
  const link = event.target.closest("a, button");
  if (link && !link.closest("dialog")) {
    // A link inside a menu is hidden again by then: the button of that menu is the way back.
    const menu = link.closest("[popover]");
    opener = (menu && document.querySelector(`[popovertarget="${menu.id}"]`)) || link;
  }
  const dialog = event.target.closest("dialog");
  if (dialog && event.target.closest("[data-close]")) {
    event.preventDefault();
    dialog.close();
  } else if (dialog && event.target === dialog && !("closedBy" in dialog)) {
    dialog.close();
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = event.target === place() && place().querySelector("dialog");
  if (!dialog) return;
  document.querySelectorAll("[popover]:popover-open").forEach((menu) => menu.hidePopover());
  dialog.removeAttribute("open");
  if (dialog.querySelector(".errors")) dialog.dataset.again = "";
  dialog.addEventListener("close", () => {
    dialog.remove();
    opener?.focus();
  });
  dialog.showModal();
});
