// A file of labels that is being made: its progress, and the button to fetch it once it is there.
"use strict";

const EVERY = 2000; // ms

async function look() {
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("file");
    if (fresh) document.getElementById("file").replaceChildren(...fresh.childNodes);
  } catch {
    // the network is away: the next look may find it
  }
  wait();
}

function wait() {
  if (document.querySelector("#file progress")) setTimeout(look, EVERY);
}

wait();
