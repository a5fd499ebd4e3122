"use strict";
(function () {
  const incidents = Array.from(document.querySelectorAll("details.incident"));
  const field = document.getElementById("filter");
  const shown = document.getElementById("shown");
  function openTarget() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") node.open = true;
      node.hidden = false;
    }
    if (target) target.scrollIntoView();
  }
  function filter() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let n = 0;
    for (const incident of incidents) {
      const text = incident.textContent.toLowerCase();
      incident.hidden = !words.every((word) => text.includes(word));
      if (!incident.hidden) n += 1;
    }
    shown.textContent = n + " of " + incidents.length + " incidents shown";
  }
  document.getElementById("tools").hidden = false;
  field.addEventListener("input", filter);
  document.getElementById("open-all").addEventListener("click", function () {
    for (const incident of incidents) if (!incident.hidden) incident.open = true;
  });
  document.getElementById("close-all").addEventListener("click", function () {
    for (const incident of incidents) incident.open = false;
  });
  window.addEventListener("hashchange", openTarget);
  if (location.hash) openTarget();
  filter();
})();
