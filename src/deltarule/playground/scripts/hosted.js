// The page inside another one: its height is told, so that the frame has no scroll bar of its own; and a host that has made the page
// itself, as a notebook does, shares its state.

// Milliseconds between two messages: what plays changes at each frame.
const HOST_DELAY = 150;

export const isFramed = window.parent !== window;
// Only who writes a page into a frame gives it this address.
export const isHosted = isFramed && location.href.startsWith("about:srcdoc");

/** Tell the page around this one how high it is, now and whenever that changes: {deltarule: "height", height: pixels}. */
export function tellHeight() {
  if (!isFramed) return;
  document.documentElement.classList.add("framed");
  let told = 0;
  const tell = () => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (height === told) return;
    told = height;
    window.parent.postMessage({ deltarule: "height", height }, "*");
  };
  new ResizeObserver(tell).observe(document.body);
}

/**
 * Share the state with a host, through the port that it gives.
 * @param {(state: any) => void} take what to do with a state of the host
 * @returns {(state: import("./state.js").State) => void} tell the host a state
 */
export function hosted(take) {
  /** @type {MessagePort | null} */
  let port = null;
  /** @type {any} */
  let pending = null;
  let timer = 0;
  let isGreeted = false;
  // What both sides know; the host speaks first.
  let last = "";
  if (isHosted) {
    window.addEventListener("message", (event) => {
      if (event.source !== window.parent || event.data?.deltarule !== "port") return;
      port = event.ports[0];
      port.onmessage = ({ data }) => {
        clearTimeout(timer);
        pending = null;
        timer = 0;
        isGreeted = true;
        take({ ...data.state, updates: data.updates });
      };
    });
  }
  const send = () => {
    timer = 0;
    port?.postMessage(pending);
    pending = null;
  };
  return (state) => {
    if (!isGreeted) return;
    const text = JSON.stringify(state);
    if (text === last) return;
    last = text;
    pending = state;
    timer ||= setTimeout(send, HOST_DELAY);
  };
}
