"use strict";
(function () {
  const byId = (id) => document.getElementById(id);
  const all = (query, root) => Array.from((root || document).querySelectorAll(query));
  const messages = JSON.parse(byId("messages").textContent);
  const served = "served" in document.body.dataset;
  const wide = matchMedia("(min-width: 62.01rem)");
  const points = (text) => Array.from(text).length;
  let active = null;
  let busy = false;

  // --- cards and the text beside them ---------------------------------------------------------
  const cards = () => all("details.card");
  const shown = () => cards().filter((card) => !card.hidden);
  const textOf = (card) => card.closest(".document").querySelector(".text");
  const piecesOf = (card) => all(`[data-of~="${card.dataset.label}"]`, textOf(card));

  function light(card, on) {
    const label = card.dataset.label;
    const told = new Set();
    for (const piece of piecesOf(card)) {
      const roles = Object.keys(messages.roles).filter((role) =>
        (piece.dataset[role] || "").split(" ").includes(label));
      piece.classList.toggle("on", on);
      roles.forEach((role) => piece.classList.toggle("on-" + role, on));
      const fresh = roles.filter((role) => role !== "content" && !told.has(role));
      fresh.forEach((role) => told.add(role));
      if (on && fresh.length) piece.dataset.tag = fresh.map((r) => messages.roles[r]).join(" · ");
      else delete piece.dataset.tag;
    }
  }
  function inView(element) {
    const box = element.getBoundingClientRect();
    return box.top > 60 && box.bottom < innerHeight - 20;
  }
  function activate(card, from) {
    if (active && active.isConnected && active !== card) {
      light(active, false);
      active.classList.remove("active");
      active.open = false;
    }
    active = card;
    if (!card) return;
    card.classList.add("active");
    card.open = true;
    light(card, true);
    const first = piecesOf(card)[0];
    if (wide.matches) {
      if (first && from !== "text" && !inView(first)) first.scrollIntoView({ block: "center" });
      const list = card.closest(".list");
      list.scrollTop += card.getBoundingClientRect().top - list.getBoundingClientRect().top - 8;
      const below = list.getBoundingClientRect().top - 48;
      if (below > 0 && card.getBoundingClientRect().bottom > innerHeight) scrollBy(0, below);
    } else if (from !== "card") {
      card.scrollIntoView({ block: "start" });
    }
    card.querySelector("summary").focus({ preventScroll: true });
  }
  function step(by) {
    const seen = shown();
    if (!seen.length) return;
    const at = seen.indexOf(active);
    const next = at < 0 ? (by > 0 ? 0 : seen.length - 1) : at + by;
    if (next >= 0 && next < seen.length) activate(seen[next]);
  }

  document.addEventListener("click", (event) => {
    const target = event.target;
    const action = target.closest("[data-do]");
    if (action) return act(action.dataset.do, action.closest(".card"));
    const link = target.closest('a[href^="#c-"]');
    const card = link && byId(link.getAttribute("href").slice(1));
    if (card) {
      event.preventDefault();
      card.hidden = false;
      return activate(card, "text");
    }
    const summary = target.closest("details.card > summary");
    if (summary && !summary.parentElement.open) {
      event.preventDefault();
      return activate(summary.parentElement, "card");
    }
    const piece = target.closest(".text .m");
    if (piece && String(getSelection()) === "") {
      const labels = piece.dataset.of.split(" ");
      const at = active ? labels.indexOf(active.dataset.label) : -1;
      const label = labels[(at + 1) % labels.length];
      const found = all(`.card[data-label="${label}"]`, piece.closest(".document"))[0];
      if (found) activate(found, "text");
    }
  });

  // --- filter ---------------------------------------------------------------------------------
  const fields = { kind: byId("f-kind"), speaker: byId("f-speaker"), state: byId("f-state") };
  function offer(name, told) {
    const known = new Set(all("option", fields[name]).map((option) => option.value));
    for (const card of cards()) {
      const value = card.dataset[name];
      if (known.has(value)) continue;
      known.add(value);
      fields[name].append(new Option(told(card), value));
    }
  }
  function filter() {
    let n = 0;
    for (const card of cards()) {
      card.hidden = Object.entries(fields).some(
        ([name, field]) => field.value && card.dataset[name] !== field.value);
      if (!card.hidden) n += 1;
    }
    byId("shown").textContent = `${n} ${messages.of} ${cards().length} ${messages.shown}`;
  }
  function refresh() {
    offer("kind", (card) => card.querySelector(".kind").textContent);
    offer("speaker", (card) => card.dataset.speaker);
    filter();
  }
  Object.values(fields).forEach((field) => field.addEventListener("change", filter));
  byId("tools").addEventListener("submit", (event) => event.preventDefault());
  byId("tools").hidden = false;
  refresh();

  // --- decisions ------------------------------------------------------------------------------
  const say = (text) => { byId("live").textContent = text; };

  async function send(card, body) {
    if (busy) return messages.failed;
    busy = true;
    try {
      const answer = await fetch("/decide", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ item: card.dataset.id, language: document.documentElement.lang, ...body }),
      });
      const told = await answer.json();
      if (!answer.ok) return told.error;
      put(card, told);
      return "";
    } catch (error) {
      return `${messages.failed}: ${error.message}`;
    } finally {
      busy = false;
    }
  }
  function put(card, told) {
    const document_ = card.closest(".document");
    const root = card.closest(".root");
    const id = card.dataset.id;
    light(card, false);
    active = null;
    root.innerHTML = told.cards;
    if (told.text !== null) document_.querySelector(".text").innerHTML = told.text;
    byId("progress").textContent = told.progress;
    refresh();
    const now = byId("c-" + id) || root.querySelector(".card");
    now.hidden = false;
    activate(now);
    say(`${now.dataset.label}: ${now.querySelector(".state").textContent}`);
    filter();
  }
  async function act(action, card) {
    if (!served || !card) return;
    if (action === "edit") return openEdit(card);
    if (action === "split") return openSplit(card);
    if (action === "reason") return openDialog("reject", card);
    const after = cards()[cards().indexOf(card) + 1];
    const error = await send(card, { action });
    if (error) return complain(error);
    if (action !== "undo" && after && after.isConnected) {
      const next = shown().find((one) => one === after) || shown()[0];
      if (next) activate(next);
    }
  }
  function complain(error) {
    say(error);
    byId("live").classList.add("shout");
    setTimeout(() => byId("live").classList.remove("shout"), 6000);
  }

  // --- dialogs --------------------------------------------------------------------------------
  let asked = null;
  let cut = null;
  function openDialog(id, card) {
    const dialog = byId(id);
    asked = card;
    dialog.querySelector("form").reset();
    dialog.querySelector(".error").textContent = "";
    dialog.querySelector(".which").textContent = card.dataset.label;
    dialog.showModal();
    return dialog;
  }
  function area(fieldset, text, near) {
    const box = document.createElement("textarea");
    box.value = text;
    box.rows = text.length > 70 ? 3 : 1;
    box.spellcheck = false;
    box.dataset.near = near;
    box.setAttribute("aria-label", fieldset.querySelector("legend").textContent);
    fieldset.insertBefore(box, fieldset.querySelector("button"));
    return box;
  }
  function selected(card) {
    const chosen = getSelection();
    if (chosen.isCollapsed || !textOf(card).contains(chosen.anchorNode)) return null;
    const range = chosen.getRangeAt(0);
    const from = range.startContainer;
    const piece = (from.nodeType === 3 ? from.parentElement : from).closest("[data-start]");
    const before = from.nodeType === 3 ? points(from.data.slice(0, range.startOffset)) : 0;
    return { text: String(chosen), near: (piece ? Number(piece.dataset.start) : 0) + before };
  }
  function openEdit(card) {
    const values = JSON.parse(card.dataset.form);
    const chosen = selected(card);
    const dialog = openDialog("edit", card);
    for (const fieldset of all("[data-quotes]", dialog)) {
      all("textarea, button", fieldset).forEach((element) => element.remove());
      const more = document.createElement("button");
      more.type = "button";
      more.textContent = chosen ? messages.selection : messages.another;
      more.addEventListener("click", () => {
        area(fieldset, chosen ? chosen.text : "", chosen ? chosen.near : values.content[0].near)
          .focus();
      });
      fieldset.append(more);
      values[fieldset.dataset.quotes].forEach((quote) => area(fieldset, quote.text, quote.near));
    }
    all("select, input", dialog).forEach((field) => {
      if (field.name in values) field.value = values[field.name];
    });
    dialog.querySelector("textarea").focus();
  }
  function collect(dialog) {
    const told = {};
    all("select, input", dialog).forEach((field) => { told[field.name] = field.value; });
    for (const fieldset of all("[data-quotes]", dialog)) {
      told[fieldset.dataset.quotes] = all("textarea", fieldset)
        .filter((box) => box.value.trim() !== "")
        .map((box) => ({ text: box.value, near: Number(box.dataset.near) }));
    }
    const { reason, ...rest } = told;
    return { action: "edit", reason, fields: rest };
  }
  function openSplit(card) {
    const dialog = openDialog("split", card);
    const line = dialog.querySelector(".cut");
    line.textContent = "";
    for (const quote of JSON.parse(card.dataset.form).content) {
      for (const found of quote.text.matchAll(/\S+/gu)) {
        const word = document.createElement("button");
        word.type = "button";
        word.textContent = found[0];
        word.dataset.at = quote.near + points(quote.text.slice(0, found.index));
        word.addEventListener("focus", () => mark(word));
        line.append(word, " ");
      }
    }
    const words = all("button", line);
    words[0].disabled = true;
    mark(words[Math.floor(words.length / 2)]);
    if (cut) cut.focus();
  }
  function mark(word) {
    cut = word && !word.disabled ? word : null;
    all(".cut button").forEach((one) => one.setAttribute("aria-pressed", String(one === cut)));
  }
  function moveCut(by) {
    const words = all(".cut button").filter((word) => !word.disabled);
    const next = words[words.indexOf(cut) + by];
    if (next) next.focus();
  }
  async function submit(dialog) {
    const reason = dialog.querySelector('[name="reason"]').value;
    let body = { action: "reject", reason };
    if (dialog.id === "edit") body = collect(dialog);
    if (dialog.id === "split") body = { action: "split", reason, at: cut ? Number(cut.dataset.at) : -1 };
    const error = await send(asked, body);
    if (error) dialog.querySelector(".error").textContent = error;
    else {
      dialog.close();
      if (active) active.querySelector("summary").focus({ preventScroll: true });
    }
  }
  for (const dialog of all("#edit, #split, #reject")) {
    dialog.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      submit(dialog);
    });
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("keydown", (event) => {
      if (dialog.id === "split" && event.target.closest(".cut")) {
        if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
          event.preventDefault();
          moveCut(event.key === "ArrowRight" ? 1 : -1);
        } else if (event.key === "Enter") {
          event.preventDefault();
          submit(dialog);
        }
      } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(dialog);
    });
  }
  const help = () => byId("help").showModal();
  byId("help-open").hidden = false;
  byId("help-open").addEventListener("click", help);

  // --- keys -----------------------------------------------------------------------------------
  const KEYS = { a: "accept", r: "reject", R: "reason", e: "edit", s: "split", u: "undo" };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, select, textarea")) return;
    if (event.key === "?") return help();
    if (!byId("keys").checked) return;
    if (event.key === "j" || event.key === "k") {
      event.preventDefault();
      step(event.key === "j" ? 1 : -1);
    } else if (served && event.key in KEYS && active) {
      event.preventDefault();
      act(KEYS[event.key], active);
    }
  });
  addEventListener("beforeprint", () => cards().forEach((card) => { card.open = true; }));
  addEventListener("afterprint", () => cards().forEach((card) => { card.open = card === active; }));
  const linked = location.hash.startsWith("#c-") && byId(location.hash.slice(1));
  if (linked) activate(linked);
})();
