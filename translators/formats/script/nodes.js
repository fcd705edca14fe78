// The list as nodes, without a parser of the browser's, which pages with Trusted Types refuse. The text is what html.c
// writes: every element is closed, attributes are in double quotes, and references are by number.
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
// The JSON-LD block. By a policy of its own where there is such a thing; where a page allows none, the browser keeps
// the text of a block that it was told not to run, which is all that is needed.
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
