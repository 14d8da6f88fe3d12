// Loads a script with data: a page opened from a disk may fetch nothing, but it may load scripts.

import { make } from "./dom.js";

export function load(src) {
  return new Promise((loaded, failed) => {
    const script = make("script", { src });
    script.onload = loaded;
    script.onerror = () => failed(new Error(`${src} did not load`));
    document.head.append(script);
    script.remove(); // it loads all the same
  });
}
