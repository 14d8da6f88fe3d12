// A page opened from a disk may fetch nothing: data come in as scripts.

const asked = {};

export function load(src) {
  asked[src] ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = src;
    script.onload = resolve;
    script.onerror = () => {
      delete asked[src];
      script.remove();
      reject(new Error(`${src} could not be loaded`));
    };
    document.head.append(script);
  });
  return asked[src];
}
