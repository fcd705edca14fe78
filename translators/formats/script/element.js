// <marquee-dates src="...">: the list and its block as an element, which pages that are applications may make, move,
// remove and put back as they like. What it holds is in the page itself, so the page's style sheet and search engines
// see it. One script for all of them.
(function (script) {
  "use strict";
  // nodes.js
  function warn(why) {
    if (window.console) console.warn("marquee: " + why);
  }
  // An application takes over what the server has written when its scripts run, and throws away what it does not
  // know. So nothing is put into a page that is still loading, for three seconds at most.
  function settled(then) {
    var timer, done = function () {
      clearTimeout(timer);
      window.removeEventListener("load", done);
      setTimeout(then, 0);
    };
    if (document.readyState === "complete") return then();
    window.addEventListener("load", done);
    timer = setTimeout(done, 3000);
  }
  // The list in HTML and its block, whatever format the link is for.
  function addressOf(src) {
    var url = new URL(src, document.baseURI);
    if (url.origin !== origin) throw new Error("its src is on " + url.origin + ", and this script is from " + origin + " and asks nobody else");
    url.pathname = url.pathname.replace(/\.(js|json|ics|html)$/, "");
    url.searchParams.set("format", "html");
    return url.href;
  }
  // An error of the service is a comment that says what it is.
  function reasonOf(answer, text) {
    var match = /^<!-- marquee: (.*) -->/.exec(text);
    return match ? match[1] : "the service answered " + answer.status;
  }
  function empty(element) {
    while (element.firstChild) element.removeChild(element.firstChild);
  }
  function show(element, text) {
    var parts = /^([^]*?)(?:<script type="application\/ld\+json">([^]*)<\/script>\s*)?$/.exec(text);
    empty(element);
    element.appendChild(nodesOf(parts[1].replace(/<!--[^]*?-->\s*/, "")));
    if (parts[2]) element.appendChild(blockOf(parts[2], nonce));
  }
  function load(element) {
    var src = element.getAttribute("src"), href;
    if (!src) return warn("<marquee-dates> has no src");
    if (element.marquee === src) return;
    element.marquee = src;
    href = addressOf(src);
    fetch(href, { credentials: "omit" }).then(function (answer) {
      return answer.text().then(function (text) {
        if (!answer.ok) throw new Error(reasonOf(answer, text));
        settled(function () {
          if (element.marquee !== src) return;
          show(element, text);
          element.marqueeShown = src;
        });
      });
    }).catch(function (error) {
      if (element.marquee === src) {
        element.marquee = null; // put back, it tries again
        // What it has shown is another artist's, who is not to stand there for this one.
        if (element.marqueeShown && element.marqueeShown !== src) empty(element);
        element.marqueeShown = element.marqueeShown === src ? src : null;
      }
      warn("no concert dates from " + href + ": " + error.message);
    });
  }
  function tryLoad(element) {
    try {
      load(element);
    } catch (error) {
      warn("<marquee-dates>: " + error.message);
    }
  }
  if (!window.customElements) return warn("this browser has no custom elements");
  if (customElements.get("marquee-dates")) return;
  script = script || document.querySelector('script[src*="/static/marquee-dates.js"]');
  if (!script) return warn("this script cannot tell where it is from: load it by a script tag");
  var origin = new URL(script.src).origin, nonce = script.nonce;
  customElements.define("marquee-dates", class extends HTMLElement {
    static get observedAttributes() {
      return ["src"];
    }
    connectedCallback() {
      tryLoad(this);
    }
    attributeChangedCallback() {
      if (this.isConnected) tryLoad(this);
    }
  });
})(document.currentScript);
