// What a page of the book does beside showing itself: light and dark, contents, search, words, print.

import { search } from "./find.js";
import { meanings } from "./meanings.js";
import { mount } from "./mount.js";

const root = document.body;

function themes() {
  const button = document.getElementById("theme");
  const isLight = () =>
    root.dataset.jpThemeLight
      ? root.dataset.jpThemeLight === "true"
      : !matchMedia("(prefers-color-scheme: dark)").matches;
  const name = () => {
    button.ariaLabel = button.title = isLight() ? "Dark page" : "Light page";
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.jpThemeLight = String(!isLight());
    name();
    try {
      localStorage.setItem("leverage-lab-light", root.dataset.jpThemeLight);
    } catch {
      // it holds for this page
    }
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", name);
  name();
}

// A link of the contents has been followed: they are in the way now.
function contents() {
  const nav = document.getElementById("contents");
  nav.addEventListener("click", (event) => {
    if (event.target.closest("a") && nav.matches(":popover-open")) nav.hidePopover();
  });
  // Only inside itself: scrollIntoView would move the page.
  const here = nav.querySelector("[aria-current]");
  if (here) nav.scrollTop = Math.max(0, here.offsetTop - nav.clientHeight / 3);
}

// What scrolls inside itself does so from the keyboard, too.
function scrollers() {
  const watch = new ResizeObserver((seen) => {
    for (const { target } of seen) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const part of document.querySelectorAll(".wide, .highlight pre")) watch.observe(part);
}

function printing() {
  addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details:not(.code)")) part.open = true;
    for (const picture of document.querySelectorAll("img[loading]")) picture.loading = "eager";
  });
}

themes();
contents();
scrollers();
printing();
meanings();
search();
mount();
