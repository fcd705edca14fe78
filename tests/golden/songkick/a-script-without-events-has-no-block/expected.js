(function (script, list, data) {
  "use strict";
  function warn(why) {
    if (window.console) console.warn("marquee: " + why);
  }
  function put() {
    var selector = script.getAttribute("data-target"), markup = script.getAttribute("data-markup"),
      target = selector && document.querySelector(selector),
      parts = document.createElement("template"), block;
    if (selector && !target) {
      if (document.readyState === "loading")
        return document.addEventListener("DOMContentLoaded", run, { once: true });
      throw new Error("nothing in this page is " + selector);
    }
    if (markup !== "only") parts.innerHTML = list;
    if (parts.content.firstChild && !target && document.head.contains(script))
      throw new Error("a script in the head needs data-target");
    if (data && markup !== "none") {
      block = document.createElement("script");
      block.type = "application/ld+json";
      if (script.nonce) block.nonce = script.nonce;
      block.textContent = data;
      parts.content.appendChild(block);
    }
    if (target) target.appendChild(parts.content);
    else script.parentNode.insertBefore(parts.content, script);
  }
  function run() {
    try { put(); } catch (error) { warn(error.message); }
  }
  if (script) run();
  else warn("to be loaded by a script tag that is no module");
})(document.currentScript,
"\u003csection class=\"marquee-events\" lang=\"en\" aria-label=\"Upcoming dates\"\u003e\n\u003cp class=\"marquee-none\"\u003eNo upcoming dates.\u003c/p\u003e\n\u003cp class=\"marquee-attribution\"\u003e\u003ca class=\"marquee-provider\" href=\"https://www.songkick.com/\"\u003eConcerts by Songkick\u003c/a\u003e\u003c/p\u003e\n\u003c/section\u003e\n",
"");
