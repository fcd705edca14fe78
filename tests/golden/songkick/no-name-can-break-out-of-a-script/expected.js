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
"\u003csection class=\"marquee-events\" lang=\"en\" aria-label=\"\u0026#60;/script\u0026#62;\u0026#60;img src=x onerror=alert(1)\u0026#62;: upcoming dates\"\u003e\n\u003col class=\"marquee-list\"\u003e\n\u003cli class=\"marquee-event\"\u003e\n\u003cdiv class=\"marquee-when\"\u003e\u003ctime datetime=\"2027-03-12T20:00:00+01:00\"\u003eFriday, 12 March 2027, 20:00\u003c/time\u003e\u003c/div\u003e\n\u003cdiv class=\"marquee-what\"\u003e\u003cspan class=\"marquee-name\" dir=\"auto\"\u003e\u0026#60;/script\u0026#62;\u0026#60;img src=x onerror=alert(1)\u0026#62;\u003c/span\u003e \u003cspan class=\"marquee-acts\" dir=\"auto\"\u003ewith \u0026#60;/script\u0026#62;\u0026#60;img src=x onerror=alert(1)\u0026#62; \\\u0026#34;\u0026#39;--\u0026#62; ]]\u0026#62;\u003c/span\u003e\u003c/div\u003e\n\u003cdiv class=\"marquee-where\"\u003e\u003cspan class=\"marquee-venue\" dir=\"auto\"\u003e\u0026#34;\u0026#62;alert(1)\u0026#60;b onclick=\u0026#34;alert(1)\u0026#34;\u0026#62;\u003c/span\u003e, \u003cspan class=\"marquee-address\" dir=\"auto\"\u003ejavascript:alert(1)//\u0026#60;/div\u0026#62;, Berlin, Germany\u003c/span\u003e\u003c/div\u003e\n\u003c/li\u003e\n\u003c/ol\u003e\n\u003cp class=\"marquee-attribution\"\u003e\u003ca class=\"marquee-provider\" href=\"https://www.songkick.com/\"\u003eConcerts by Songkick\u003c/a\u003e\u003c/p\u003e\n\u003c/section\u003e\n",
"[\n  {\n    \"@context\": \"https://schema.org\",\n    \"@type\": \"MusicEvent\",\n    \"@id\": \"https://marquee.example/songkick/event/7001#event\",\n    \"name\": \"\\u003c/script\\u003e\\u003cimg src=x onerror=alert(1)\\u003e\",\n    \"startDate\": \"2027-03-12T20:00:00+01:00\",\n    \"eventStatus\": \"https://schema.org/EventScheduled\",\n    \"location\": {\n      \"@type\": \"MusicVenue\",\n      \"name\": \"\\\"\\u003ealert(1)\\u003cb onclick=\\\"alert(1)\\\"\\u003e\",\n      \"address\": {\n        \"@type\": \"PostalAddress\",\n        \"streetAddress\": \"javascript:alert(1)//\\u003c/div\\u003e\",\n        \"addressLocality\": \"Berlin\",\n        \"postalCode\": \"10829\",\n        \"addressCountry\": \"DE\"\n      },\n      \"geo\": {\n        \"@type\": \"GeoCoordinates\",\n        \"latitude\": 52.4841,\n        \"longitude\": 13.3925\n      },\n      \"sameAs\": \"https://www.songkick.com/venues/501-x?utm_source=4711\\u0026utm_medium=partner\"\n    },\n    \"performer\": [\n      {\n        \"@type\": \"MusicGroup\",\n        \"name\": \"\\u003c/script\\u003e\\u003cimg src=x onerror=alert(1)\\u003e\",\n        \"sameAs\": \"https://www.songkick.com/artists/101-the-paper-lanterns?utm_source=4711\\u0026utm_medium=partner\"\n      },\n      {\n        \"@type\": \"MusicGroup\",\n        \"name\": \"\\u003c/script\\u003e\\u003cimg src=x onerror=alert(1)\\u003e \\\\\\\"'--\\u003e ]]\\u003e\",\n        \"sameAs\": \"https://www.songkick.com/artists/103-evil?utm_source=4711\\u0026utm_medium=partner\"\n      }\n    ]\n  }\n]\n");
