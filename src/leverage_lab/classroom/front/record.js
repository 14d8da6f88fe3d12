// The table of what has been done, with the file it comes from: to be downloaded, and brought back.

const PATIENCE = 3000; // ms without an answer until we say so
const LARGEST = 5_000_000; // bytes; a learner's file has some thousands

function render({ model, el, signal }) {
  const table = make("div", "");
  const row = make("div", "ll-row");
  const said = make("div", "ll-line");
  said.setAttribute("role", "status");
  const download = button("Download my progress");
  const restore = button("Restore from a file …");
  const file = make("input", "");
  Object.assign(file, { type: "file", accept: ".json,application/json", hidden: true });
  row.append(download, restore, file);
  el.classList.add("ll-record");
  el.append(table, row, said);

  const put = () => (table.innerHTML = model.get("table"));
  const say = () => (said.innerHTML = model.get("said"));
  put(), say();
  model.on("change:table", put);
  model.on("change:said", say);

  let waiting;
  function ask(question) {
    clearTimeout(waiting);
    waiting = setTimeout(() => (said.textContent = "The kernel does not answer. Run this cell again; your file my-progress.json lies beside the notebooks."), PATIENCE);
    model.send(question);
  }
  const answered = () => clearTimeout(waiting);
  model.on("change:said", answered);
  model.on("msg:custom", (answer) => {
    answered();
    const link = make("a", "");
    link.href = URL.createObjectURL(new Blob([answer.text], { type: "application/json" }));
    link.download = answer.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    said.textContent = `${answer.name} is in your browser's folder for downloads.`;
  });

  download.addEventListener("click", () => ask({ download: true }));
  restore.addEventListener("click", () => file.click());
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    file.value = ""; // so that the same file can be chosen again
    if (!chosen) return;
    if (chosen.size > LARGEST) said.textContent = `${chosen.name} is too large for a progress file (${Math.round(chosen.size / 1e6)} MB). Your progress is as it was.`;
    else ask({ restore: await chosen.text() });
  });
  // In JupyterLab's command mode Enter and the space bar are shortcuts.
  const keep = (event) => el.contains(event.target) && event.target.toggleAttribute("data-lm-suppress-shortcuts", !(event.ctrlKey || event.metaKey || event.altKey));
  window.addEventListener("keydown", keep, { capture: true, signal });
}

function make(tag, name) {
  return Object.assign(document.createElement(tag), { className: name });
}

function button(words) {
  return Object.assign(make("button", "ll-button"), { type: "button", textContent: words });
}

export default { render };
