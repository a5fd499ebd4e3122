"use strict";
(function () {
  const byId = (id) => document.getElementById(id);
  const incidents = Array.from(document.querySelectorAll("details.incident"));
  const packs = new Map();

  // --- bodies of a long dossier are packed: they are put in when an incident opens ----------
  async function unpack(number) {
    if (!packs.has(number)) {
      const packed = atob(byId("pack-" + number).textContent);
      const bytes = Uint8Array.from(packed, (c) => c.charCodeAt(0));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
      packs.set(number, new Response(stream).json());
    }
    return packs.get(number);
  }
  async function fill(incident) {
    const body = incident.querySelector(":scope > .body[data-pack]");
    if (!body) return;
    const parts = await unpack(body.dataset.pack);
    body.innerHTML = parts[Number(body.dataset.part)];
    body.removeAttribute("data-pack");
    prepare(body);
  }

  // --- copying ------------------------------------------------------------------------------
  function prepare(root) {
    for (const button of root.querySelectorAll("button.copy")) button.hidden = false;
  }
  document.addEventListener("click", function (event) {
    const button = event.target.closest("button.copy");
    if (!button) return;
    const text = byId(button.dataset.of);
    const range = document.createRange();
    range.selectNodeContents(text);
    const chosen = getSelection();
    chosen.removeAllRanges();
    chosen.addRange(range);
    if (navigator.clipboard) navigator.clipboard.writeText(text.textContent).catch(() => {});
    else document.execCommand("copy");
  });

  // --- arriving at a link -------------------------------------------------------------------
  async function openTarget() {
    const target = byId(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") node.open = true;
      if (node.classList.contains("incident")) {
        node.hidden = false;
        await fill(node);
      }
    }
    target.scrollIntoView();
  }

  document.addEventListener("click", function (event) {
    if (!event.target.closest("a.disagree")) return;
    byId("f-disagree").checked = true;
    filter();
  });

  // --- filters ------------------------------------------------------------------------------
  const value = (id) => byId(id).value;
  const has = (list, word) => !word || list.split(" ").includes(word);
  const texts = new Map();
  function textOf(incident) {
    if (!texts.has(incident)) texts.set(incident, (incident.id + " " + incident.textContent).toLowerCase());
    return texts.get(incident);
  }
  function marked(incident) {
    const wanted = [value("f-reading"), value("f-accused"), value("f-verdict"), value("f-reason")];
    return incident.dataset.marks
      .split(" ")
      .some((mark) => mark.split("/").every((part, i) => !wanted[i] || part.split("+").includes(wanted[i])));
  }
  function fits(incident, words) {
    const data = incident.dataset;
    const from = value("f-from"), until = value("f-until");
    return (
      has(data.accused, value("f-accused")) &&
      has(data.claimed, value("f-claimed")) &&
      (!value("f-region") || data.region === value("f-region")) &&
      (!from || !data.until || data.until >= from) &&
      (!until || !data.from || data.from <= until) &&
      (!byId("f-disagree").checked || "disagree" in data) &&
      marked(incident) &&
      words.every((word) => textOf(incident).includes(word))
    );
  }
  function filter() {
    const words = value("f-words").toLowerCase().split(/\s+/).filter(Boolean);
    let n = 0;
    for (const incident of incidents) {
      incident.hidden = !fits(incident, words);
      if (!incident.hidden) n += 1;
    }
    const shown = byId("shown");
    shown.textContent = shown.dataset.text.replace("%s", n).replace("%a", incidents.length);
  }

  const tools = byId("tools");
  tools.hidden = false;
  tools.addEventListener("input", filter);
  tools.addEventListener("submit", (event) => event.preventDefault());
  tools.addEventListener("reset", () => setTimeout(filter));
  byId("open-all").addEventListener("click", function () {
    for (const incident of incidents) if (!incident.hidden) incident.open = true;
  });
  byId("close-all").addEventListener("click", function () {
    for (const incident of incidents) incident.open = false;
  });
  for (const incident of incidents) {
    incident.addEventListener("toggle", () => incident.open && fill(incident));
  }
  addEventListener("beforeprint", function () {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
  addEventListener("hashchange", openTarget);
  prepare(document);
  if (location.hash) openTarget();
  filter();
})();
