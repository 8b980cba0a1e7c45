// The portal's pages work without this file. With it: copying, choices that show at once, and traffic as it comes.
"use strict";

const said = document.querySelector("#said");
const token = document.querySelector("meta[name=portal-token]")?.content ?? "";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  said.textContent = `${button.getAttribute("aria-label") ?? button.textContent}: done`;
  button.classList.add("done");
  setTimeout(() => {
    button.classList.remove("done");
    said.textContent = "";
  }, 2000);
});

document.addEventListener("change", (event) => {
  const control = event.target.closest("select[data-go]");
  if (control) control.form.requestSubmit();
});

for (const hint of document.querySelectorAll("[data-key]")) {
  if (navigator.platform.startsWith("Mac")) hint.textContent = "⌘ K";
  hint.hidden = false;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "k" || !(event.ctrlKey || event.metaKey)) return;
  const find = document.querySelector("#find");
  if (!find) return;
  event.preventDefault();
  find.focus();
});

const firstFocus = document.querySelector("[data-focus]");
if (firstFocus) firstFocus.focus();

/** Read the stream of new rows; each comes as HTML that the server escaped. */
async function follow(list, state, stop) {
  const answer = await fetch(list.dataset.stream, { method: "POST", headers: { "x-portal-token": token }, signal: stop.signal });
  if (!answer.ok) throw new Error(await answer.text());
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    for (const text of events) {
      const data = text.split("\n").filter((line) => line.startsWith("data: ")).map((line) => line.slice(6)).join("\n");
      if (!data) continue;
      const found = JSON.parse(data);
      list.querySelector(".empty")?.remove();
      list.prepend(...new DOMParser().parseFromString(found.html, "text/html").body.children);
      while (list.children.length > 200) list.lastElementChild.remove();
      if (state) state.textContent = found.words;
    }
  }
}

const list = document.querySelector("[data-stream]");
if (list) {
  const live = document.querySelector("#live");
  const pause = document.querySelector("#pause");
  let stop;
  const run = async () => {
    const own = new AbortController();
    stop = own;
    live.textContent = "Live";
    live.classList.remove("paused");
    await follow(list, document.querySelector("#words"), own).catch(() => {});
    if (!own.signal.aborted) live.textContent = "Ended: waiting for the emulator";
    // An emulator that was started again believes the token of a new page alone.
    while (!own.signal.aborted) {
      await new Promise((done) => setTimeout(done, 1000));
      const page = await fetch(location.href, { signal: own.signal }).catch(() => null);
      if (page?.ok) return location.reload();
    }
    live.textContent = "Paused";
    live.classList.add("paused");
  };
  if (pause) {
    pause.hidden = false;
    pause.addEventListener("click", () => {
      const paused = live.classList.contains("paused");
      pause.textContent = paused ? "Pause" : "Go on";
      if (paused) run();
      else stop.abort();
    });
  }
  addEventListener("pagehide", () => stop.abort());
  run();
}
