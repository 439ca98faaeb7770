// The host of the page in a notebook, by anywidget's interface: the page stands in a frame, and shares its state with the model.
// The frame is sandboxed: of the notebook the page sees what comes through its port, and no more.

/** @param {unknown} value */
const textOf = (value) => JSON.stringify(value);

/** @param {{model: any, el: any}} view */
function render({ model, el }) {
  const frame = document.createElement("iframe");
  frame.title = "deltarule playground";
  frame.setAttribute("sandbox", "allow-scripts allow-downloads allow-modals");
  frame.setAttribute("scrolling", "no");
  Object.assign(frame.style, { width: "100%", height: "900px", border: "0", display: "block" });
  /** @type {MessagePort | null} */
  let port = null;
  // What the page shows already: neither side is told what it has said itself.
  let shown = "";

  function tell() {
    const now = { state: model.get("_state"), updates: model.get("iteration") };
    if (textOf(now) === shown) return;
    shown = textOf(now);
    port?.postMessage(now);
  }

  /** @param {MessageEvent} event */
  function hear({ data }) {
    const { updates, ...state } = data;
    shown = textOf({ state, updates });
    model.set("_state", state);
    model.set("iteration", updates);
    model.save_changes();
  }

  // A notebook that moves the frame loads it again.
  frame.addEventListener("load", () => {
    port?.close();
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = hear;
    shown = "";
    frame.contentWindow?.postMessage({ deltarule: "port" }, "*", [channel.port2]);
    tell();
  });

  /** @param {MessageEvent} event */
  function measure(event) {
    if (event.source === frame.contentWindow && event.data?.deltarule === "height") {
      frame.style.height = `${Number(event.data.height)}px`;
    }
  }

  window.addEventListener("message", measure);
  model.on("change:_state", tell);
  model.on("change:iteration", tell);
  frame.srcdoc = PAGE;
  el.replaceChildren(frame);
  return () => {
    window.removeEventListener("message", measure);
    model.off("change:_state", tell);
    model.off("change:iteration", tell);
    port?.close();
  };
}

export default { render };
