// What this browser keeps of the page from one visit to the next. Some browsers keep nothing for pages from a disk, or refuse.

/** @param {string} title */
const keyOf = (title) => `deltarule playground: ${title}`;

/** What was kept for the page of this problem; null if nothing. @param {string} title @returns {string | null} */
export function recalled(title) {
  try {
    return localStorage.getItem(keyOf(title));
  } catch {
    return null;
  }
}

/** @param {string} title of the problem that the page opens with @param {string} link a state as a link holds it */
export function remember(title, link) {
  try {
    localStorage.setItem(keyOf(title), link);
  } catch {
    // The link in the address bar holds the state all the same.
  }
}
