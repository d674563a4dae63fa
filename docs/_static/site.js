// The choice of a version: the same page of the other version's site, or its first page where it lacks that page's folder.
document.addEventListener("DOMContentLoaded", () => {
  const versions = window.spikeproofVersions || [];
  const root = new URL(document.documentElement.dataset.content_root, document.baseURI);
  for (const label of document.querySelectorAll(".site-versions")) {
    const select = label.querySelector("select");
    for (const version of versions) {
      select.add(new Option(version, version, false, version === select.dataset.version));
    }
    label.hidden = versions.length < 2;
    select.addEventListener("change", () => {
      window.location.href = new URL(`../${select.value}/index.html`, root).href;
    });
  }
});
