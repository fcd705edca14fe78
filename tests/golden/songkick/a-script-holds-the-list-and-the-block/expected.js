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
"\u003csection class=\"marquee-events\" lang=\"en\" aria-label=\"The Paper Lanterns: upcoming dates\"\u003e\n\u003col class=\"marquee-list\"\u003e\n\u003cli class=\"marquee-event\"\u003e\n\u003cdiv class=\"marquee-when\"\u003e\u003ctime datetime=\"2027-03-12T20:00:00+01:00\"\u003eFriday, 12 March 2027, 20:00\u003c/time\u003e\u003c/div\u003e\n\u003cdiv class=\"marquee-what\"\u003e\u003ca class=\"marquee-name\" dir=\"auto\" href=\"https://www.songkick.com/concerts/7001-x?utm_source=4711\u0026#38;utm_medium=partner\"\u003eThe Paper Lanterns\u003c/a\u003e \u003cspan class=\"marquee-acts\" dir=\"auto\"\u003ewith Okta \u0026#38; Söhne, Kites Over Tallinn\u003c/span\u003e\u003c/div\u003e\n\u003cdiv class=\"marquee-where\"\u003e\u003cspan class=\"marquee-venue\" dir=\"auto\"\u003eGasometer Hall\u003c/span\u003e, \u003cspan class=\"marquee-address\" dir=\"auto\"\u003eTorgauer Str. 12, Berlin, Germany\u003c/span\u003e\u003c/div\u003e\n\u003cdiv class=\"marquee-ages\"\u003eAges 18+\u003c/div\u003e\n\u003c/li\u003e\n\u003cli class=\"marquee-event marquee-cancelled\"\u003e\n\u003cdiv class=\"marquee-when\"\u003e\u003ctime datetime=\"2027-03-20\"\u003eSaturday, 20 March 2027\u003c/time\u003e \u003cstrong class=\"marquee-status\"\u003eCancelled\u003c/strong\u003e\u003c/div\u003e\n\u003cdiv class=\"marquee-what\"\u003e\u003ca class=\"marquee-name\" dir=\"auto\" href=\"https://www.songkick.com/concerts/7002-x?utm_source=4711\u0026#38;utm_medium=partner\"\u003eThe Paper Lanterns\u003c/a\u003e\u003c/div\u003e\n\u003cdiv class=\"marquee-where\"\u003e\u003cspan class=\"marquee-venue\" dir=\"auto\"\u003eKnots, Kites; \\ Co.\u003c/span\u003e, \u003cspan class=\"marquee-address\" dir=\"auto\"\u003e600 Congress Ave, Austin, TX, United States\u003c/span\u003e\u003c/div\u003e\n\u003c/li\u003e\n\u003cli class=\"marquee-event marquee-postponed\"\u003e\n\u003cdiv class=\"marquee-when\"\u003e\u003ctime datetime=\"2027-04-02T19:30:00\"\u003eFriday, 2 April 2027, 19:30\u003c/time\u003e \u003cstrong class=\"marquee-status\"\u003ePostponed\u003c/strong\u003e\u003c/div\u003e\n\u003cdiv class=\"marquee-what\"\u003e\u003ca class=\"marquee-name\" dir=\"auto\" href=\"https://www.songkick.com/concerts/7003-x?utm_source=4711\u0026#38;utm_medium=partner\"\u003eThe Paper Lanterns\u003c/a\u003e\u003c/div\u003e\n\u003cdiv class=\"marquee-where\"\u003e\u003cspan class=\"marquee-venue\" dir=\"auto\"\u003eKnots, Kites; \\ Co.\u003c/span\u003e, \u003cspan class=\"marquee-address\" dir=\"auto\"\u003e600 Congress Ave, Austin, TX, United States\u003c/span\u003e\u003c/div\u003e\n\u003c/li\u003e\n\u003cli class=\"marquee-event\"\u003e\n\u003cdiv class=\"marquee-when\"\u003e\u003ctime datetime=\"2027-07-02\"\u003eFriday, 2 July 2027\u003c/time\u003e to \u003ctime datetime=\"2027-07-04\"\u003eSunday, 4 July 2027\u003c/time\u003e\u003c/div\u003e\n\u003cdiv class=\"marquee-what\"\u003e\u003ca class=\"marquee-name\" dir=\"auto\" href=\"https://www.songkick.com/concerts/7004-x?utm_source=4711\u0026#38;utm_medium=partner\"\u003e港の音の祭り、紙の提灯と夏の夜の長い長い名前の音楽祭２０２７\u003c/a\u003e \u003cspan class=\"marquee-acts\" dir=\"auto\"\u003ewith The Paper Lanterns\u003c/span\u003e\u003c/div\u003e\n\u003cdiv class=\"marquee-where\"\u003e\u003cspan class=\"marquee-address\" dir=\"auto\"\u003eTokyo, Japan\u003c/span\u003e\u003c/div\u003e\n\u003c/li\u003e\n\u003c/ol\u003e\n\u003cp class=\"marquee-attribution\"\u003e\u003ca class=\"marquee-provider\" href=\"https://www.songkick.com/\"\u003eConcerts by Songkick\u003c/a\u003e\u003c/p\u003e\n\u003c/section\u003e\n",
"[\n  {\n    \"@context\": \"https://schema.org\",\n    \"@type\": \"MusicEvent\",\n    \"@id\": \"https://marquee.example/songkick/event/7001#event\",\n    \"name\": \"The Paper Lanterns\",\n    \"url\": \"https://www.songkick.com/concerts/7001-x?utm_source=4711\\u0026utm_medium=partner\",\n    \"startDate\": \"2027-03-12T20:00:00+01:00\",\n    \"eventStatus\": \"https://schema.org/EventScheduled\",\n    \"location\": {\n      \"@type\": \"MusicVenue\",\n      \"name\": \"Gasometer Hall\",\n      \"address\": {\n        \"@type\": \"PostalAddress\",\n        \"streetAddress\": \"Torgauer Str. 12\",\n        \"addressLocality\": \"Berlin\",\n        \"postalCode\": \"10829\",\n        \"addressCountry\": \"DE\"\n      },\n      \"geo\": {\n        \"@type\": \"GeoCoordinates\",\n        \"latitude\": 52.4841,\n        \"longitude\": 13.3925\n      },\n      \"sameAs\": \"https://www.songkick.com/venues/501-gasometer-hall?utm_source=4711\\u0026utm_medium=partner\"\n    },\n    \"performer\": [\n      {\n        \"@type\": \"MusicGroup\",\n        \"name\": \"The Paper Lanterns\",\n        \"url\": \"https://paperlanterns.example/\",\n        \"sameAs\": [\n          \"https://paperlanterns.example/\",\n          \"https://www.songkick.com/artists/101-the-paper-lanterns?utm_source=4711\\u0026utm_medium=partner\"\n        ]\n      },\n      {\n        \"@type\": \"MusicGroup\",\n        \"name\": \"Okta \\u0026 Söhne\",\n        \"sameAs\": \"https://www.songkick.com/artists/103-okta-soehne?utm_source=4711\\u0026utm_medium=partner\"\n      },\n      {\n        \"@type\": \"MusicGroup\",\n        \"name\": \"Kites Over Tallinn\",\n        \"sameAs\": \"https://www.songkick.com/artists/104-kites-over-tallinn?utm_source=4711\\u0026utm_medium=partner\"\n      }\n    ],\n    \"typicalAgeRange\": \"18-\",\n    \"sameAs\": \"https://www.songkick.com/concerts/7001-x?utm_source=4711\\u0026utm_medium=partner\"\n  },\n  {\n    \"@context\": \"https://schema.org\",\n    \"@type\": \"MusicEvent\",\n    \"@id\": \"https://marquee.example/songkick/event/7002#event\",\n    \"name\": \"The Paper Lanterns\",\n    \"url\": \"https://www.songkick.com/concerts/7002-x?utm_source=4711\\u0026utm_medium=partner\",\n    \"startDate\": \"2027-03-20\",\n    \"eventStatus\": \"https://schema.org/EventCancelled\",\n    \"location\": {\n      \"@type\": \"MusicVenue\",\n      \"name\": \"Knots, Kites; \\\\ Co.\",\n      \"address\": {\n        \"@type\": \"PostalAddress\",\n        \"streetAddress\": \"600 Congress Ave\",\n        \"addressLocality\": \"Austin\",\n        \"addressRegion\": \"TX\",\n        \"postalCode\": \"78701\",\n        \"addressCountry\": \"US\"\n      },\n      \"geo\": {\n        \"@type\": \"GeoCoordinates\",\n        \"latitude\": 30.2672,\n        \"longitude\": -97.7431\n      },\n      \"sameAs\": \"https://www.songkick.com/venues/502-knots-kites-co?utm_source=4711\\u0026utm_medium=partner\"\n    },\n    \"performer\": [\n      {\n        \"@type\": \"MusicGroup\",\n        \"name\": \"The Paper Lanterns\",\n        \"url\": \"https://paperlanterns.example/\",\n        \"sameAs\": [\n          \"https://paperlanterns.example/\",\n          \"https://www.songkick.com/artists/101-the-paper-lanterns?utm_source=4711\\u0026utm_medium=partner\"\n        ]\n      }\n    ],\n    \"sameAs\": \"https://www.songkick.com/concerts/7002-x?utm_source=4711\\u0026utm_medium=partner\"\n  },\n  {\n    \"@context\": \"https://schema.org\",\n    \"@type\": \"MusicEvent\",\n    \"@id\": \"https://marquee.example/songkick/event/7003#event\",\n    \"name\": \"The Paper Lanterns\",\n    \"url\": \"https://www.songkick.com/concerts/7003-x?utm_source=4711\\u0026utm_medium=partner\",\n    \"startDate\": \"2027-04-02T19:30:00\",\n    \"eventStatus\": \"https://schema.org/EventPostponed\",\n    \"location\": {\n      \"@type\": \"MusicVenue\",\n      \"name\": \"Knots, Kites; \\\\ Co.\",\n      \"address\": {\n        \"@type\": \"PostalAddress\",\n        \"streetAddress\": \"600 Congress Ave\",\n        \"addressLocality\": \"Austin\",\n        \"addressRegion\": \"TX\",\n        \"postalCode\": \"78701\",\n        \"addressCountry\": \"US\"\n      },\n      \"geo\": {\n        \"@type\": \"GeoCoordinates\",\n        \"latitude\": 30.2672,\n        \"longitude\": -97.7431\n      },\n      \"sameAs\": \"https://www.songkick.com/venues/502-knots-kites-co?utm_source=4711\\u0026utm_medium=partner\"\n    },\n    \"performer\": [\n      {\n        \"@type\": \"MusicGroup\",\n        \"name\": \"The Paper Lanterns\",\n        \"url\": \"https://paperlanterns.example/\",\n        \"sameAs\": [\n          \"https://paperlanterns.example/\",\n          \"https://www.songkick.com/artists/101-the-paper-lanterns?utm_source=4711\\u0026utm_medium=partner\"\n        ]\n      }\n    ],\n    \"sameAs\": \"https://www.songkick.com/concerts/7003-x?utm_source=4711\\u0026utm_medium=partner\"\n  },\n  {\n    \"@context\": \"https://schema.org\",\n    \"@type\": \"Festival\",\n    \"@id\": \"https://marquee.example/songkick/event/7004#event\",\n    \"name\": \"港の音の祭り、紙の提灯と夏の夜の長い長い名前の音楽祭２０２７\",\n    \"url\": \"https://www.songkick.com/concerts/7004-x?utm_source=4711\\u0026utm_medium=partner\",\n    \"startDate\": \"2027-07-02\",\n    \"endDate\": \"2027-07-04\",\n    \"eventStatus\": \"https://schema.org/EventScheduled\",\n    \"location\": {\n      \"@type\": \"Place\",\n      \"address\": {\n        \"@type\": \"PostalAddress\",\n        \"addressLocality\": \"Tokyo\",\n        \"addressCountry\": \"JP\"\n      }\n    },\n    \"performer\": [\n      {\n        \"@type\": \"MusicGroup\",\n        \"name\": \"The Paper Lanterns\",\n        \"url\": \"https://paperlanterns.example/\",\n        \"sameAs\": [\n          \"https://paperlanterns.example/\",\n          \"https://www.songkick.com/artists/101-the-paper-lanterns?utm_source=4711\\u0026utm_medium=partner\"\n        ]\n      }\n    ],\n    \"sameAs\": \"https://www.songkick.com/concerts/7004-x?utm_source=4711\\u0026utm_medium=partner\"\n  }\n]\n",
"songkick artist 101");
