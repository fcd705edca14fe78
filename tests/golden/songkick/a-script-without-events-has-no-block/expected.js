(function (tag, list, data, of) {
"use strict";
function nodesOf(html) {
var root = document.createDocumentFragment(), open = [root];
function plain(text) {
return text.replace(/&#(\d+);/g, function (all, code) { return String.fromCharCode(code); });
}
html.replace(/<(\/?)(\w+)([^>]*)>|[^<]+/g, function (token, end, name, attributes) {
var parent = open[open.length - 1], node;
if (!name) parent.appendChild(document.createTextNode(plain(token)));
else if (end) open.pop();
else {
node = parent.appendChild(document.createElement(name));
attributes.replace(/([\w-]+)="([^"]*)"/g, function (all, key, value) { node.setAttribute(key, plain(value)); });
open.push(node);
}
});
return root;
}
function blockOf(data, nonce) {
var block = document.createElement("script"), policy;
block.type = "application/ld+json";
if (nonce) block.nonce = nonce;
try {
policy = window.trustedTypes && trustedTypes.createPolicy("marquee", { createScript: function (text) { return text; } });
block.text = policy ? policy.createScript(data) : data;
} catch (error) {
block.appendChild(document.createTextNode(data));
}
return block;
}
function warn(why) {
if (window.console) console.warn("marquee: " + why);
}
function isOurs(node, name) {
return node.localName === name && node.getAttribute("data-marquee") === of;
}
function findTag(root) {
var nodes = root.querySelectorAll("*"), words = of.split(" "), found = null, i, src;
for (i = 0; i < nodes.length && !found; i++) {
src = nodes[i].localName === "script" && !nodes[i].marquee && nodes[i].src;
try {
src = src && decodeURIComponent(src.replace(/\+/g, " "));
} catch (error) {
src = "";
}
if (src && src.indexOf("/api/" + words[0] + "/" + words[1]) > 0 && src.indexOf(words.slice(2).join(" ")) > 0 &&
!document.head.contains(nodes[i])) found = nodes[i];
else if (nodes[i].shadowRoot) found = findTag(nodes[i].shadowRoot);
}
return found;
}
function findTarget(selector) {
var root = tag.getRootNode ? tag.getRootNode() : document;
return (root.querySelector && root.querySelector(selector)) || document.querySelector(selector);
}
function clear(name, target) {
var node = target ? target.lastChild : tag.previousSibling, before;
for (; node; node = before) {
before = node.previousSibling;
if (isOurs(node, name)) node.parentNode.removeChild(node);
else if (!target && !(node.getAttribute ? isOurs(node, "section") || isOurs(node, "script") : !/\S/.test(node.data))) return;
}
}
function put(target, markup) {
var parts = document.createDocumentFragment(), node;
if (list && markup !== "only") {
clear("section", target);
parts.appendChild(nodesOf(list));
}
if (data && markup !== "none") {
clear("script", target);
if (data !== "[]") parts.appendChild(blockOf(data, tag.nonce));
}
for (node = parts.firstChild; node; node = node.nextSibling)
if (node.setAttribute) node.setAttribute("data-marquee", of);
if (target) target.appendChild(parts);
else tag.parentNode.insertBefore(parts, tag);
tag.marquee = true;
}
function wait(selector, markup) {
var observer, timer;
if (!window.MutationObserver) return warn("nothing in this page is " + selector);
timer = setTimeout(function () {
observer.disconnect();
warn("nothing in this page has become " + selector + " within 30 seconds");
}, 30000);
observer = new MutationObserver(function () {
var target = findTarget(selector);
if (!target) return;
observer.disconnect();
clearTimeout(timer);
put(target, markup);
});
observer.observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["id", "class"] });
}
function run() {
var markup, selector, target;
if (!tag || !tag.isConnected || (document.head.contains(tag) && !tag.getAttribute("data-target"))) tag = findTag(document) || tag;
if (!tag) return warn("it was loaded as a module or by eval, or its tag is in a closed shadow tree, so it cannot tell where the list belongs; <marquee-dates> can");
markup = tag.getAttribute("data-markup");
selector = tag.getAttribute("data-target");
if (selector) {
target = findTarget(selector);
return target ? put(target, markup) : wait(selector, markup);
}
if (list && markup !== "only" && document.head.contains(tag))
return warn("its tag is in the head, where no list can be shown (React 19 moves async scripts there): give it data-target, or use <marquee-dates>");
if (!tag.parentNode) return warn("its tag was taken out of the page before it had loaded: give it data-target, or use <marquee-dates>");
put(null, markup);
}
try {
run();
} catch (error) {
warn(error.message);
}
})(document.currentScript,
"\u003csection class=\"marquee-events\" lang=\"en\" aria-label=\"The Paper Lanterns: upcoming dates\"\u003e\n\u003cp class=\"marquee-none\"\u003eNo upcoming dates.\u003c/p\u003e\n\u003cp class=\"marquee-attribution\"\u003e\u003ca class=\"marquee-provider\" href=\"https://www.songkick.com/\"\u003eConcerts by Songkick\u003c/a\u003e\u003c/p\u003e\n\u003c/section\u003e\n",
"[]",
"songkick artist 101");
