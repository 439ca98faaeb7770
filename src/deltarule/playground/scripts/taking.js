// Data of one's own: a table that is pasted, or a problem file or a table from a disk.

import { announce, button, element, labelled } from "./elements.js";
import { FileError, openedState } from "./opening.js";
import { PasteError, pastedState } from "./pasting.js";
import { say } from "./words.js";

/**
 * @param {any} root
 * @param {() => import("./state.js").State} current
 * @param {(state: import("./state.js").State) => void} open
 */
export function takingOf(root, current, open) {
  /** @type {any} */
  let field;

  /** @param {string} text @param {string} name of its file @returns {void} */
  function useFile(text, name) {
    if (!name.endsWith(".toml")) return useTable(text);
    try {
      const { state, isCut } = openedState(text, name.replace(/\.toml$/, ""));
      open(state);
      const told = say("fileOpened", name, state.inputs.length, state.inputs[0].length);
      announce(isCut ? `${told} ${say("fileCut")}` : told);
    } catch (error) {
      announce(error instanceof FileError ? error.message : say("fileUnread"));
    }
  }

  /** @param {string} text a table, or a problem file that was copied @returns {void} */
  function useTable(text) {
    if (/^\s*\[layer\]/m.test(text)) return useFile(text, `${say("own")}.toml`);
    try {
      const state = pastedState(text, current());
      open(state);
      announce(say("pasted", state.inputs.length, state.inputs[0].length));
    } catch (error) {
      announce(error instanceof PasteError ? error.message : say("pasteEmpty"));
    }
  }

  function fileField() {
    const input = element("input", { type: "file", accept: ".toml,.csv,.tsv,.txt" });
    input.addEventListener("change", async () => {
      const [file] = input.files;
      const text = file && (await file.text().catch(() => null));
      // The same file can be opened again.
      input.value = "";
      if (text === null) announce(say("fileUnread"));
      else if (text !== undefined) useFile(text, file.name);
    });
    return labelled(say("openFile"), input, say("openFileHint"));
  }

  return {
    build() {
      field = element("textarea", { id: "pasted", rows: 5, spellcheck: "false", "aria-describedby": "paste-hint" });
      root.replaceChildren(
        fileField(),
        element("label", { for: "pasted" }, say("paste")),
        element("p", { class: "note", id: "paste-hint" }, say("pasteHint")),
        field,
        element(
          "div",
          { class: "row" },
          button(say("usePasted"), () => useTable(field.value)),
        ),
      );
    },
    /** @param {import("./state.js").State} state */
    draw(state) {
      field.placeholder = state.classes ? "x1\tx2\tclass\n0\t4\tA\n2\t1\tC" : "x1\tx2\td\n0\t4\t0.5\n2\t1\t1.5";
    },
  };
}
