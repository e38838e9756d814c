// In the language of the oldest browsers: whoever cannot run the page is told so at once, for a failed start is silent.
(function () {
  var externref = [0, 97, 115, 109, 1, 0, 0, 0, 4, 4, 1, 111, 0, 0];
  var fits = false;
  try {
    fits =
      typeof WebAssembly === "object" &&
      WebAssembly.validate(new Uint8Array(externref)) &&
      typeof DecompressionStream === "function" &&
      typeof Worker === "function";
  } catch (error) {
    fits = false;
  }
  // No policy of a page's own shuts WebRTC, so it is taken away; a frame would bring its own, so none may stay: its
  // connections end with it, before the first packet.
  window.RTCPeerConnection = window.webkitRTCPeerConnection = window.mozRTCPeerConnection = undefined;
  Element.prototype.attachShadow = undefined;
  new MutationObserver(function () {
    var frames = document.querySelectorAll("iframe, frame, object, embed");
    for (var at = 0; at < frames.length; at++) frames[at].parentNode.removeChild(frames[at]);
  }).observe(document, { childList: true, subtree: true });
  document.documentElement.className = fits ? "fits" : "too-old";
  if (fits) return;
  var told = document.getElementById("old");
  told.removeAttribute("hidden");
  told.appendChild(
    document.createTextNode(
      "这个浏览器的版本太旧，打不开审核程序。请用 2023 年以后的 Edge、Chrome、Firefox，或 360、QQ 等浏览器的极速模式打开本文件。" +
        " This browser is too old: please open the file in Edge, Chrome or Firefox of 2023 or later.",
    ),
  );
})();
