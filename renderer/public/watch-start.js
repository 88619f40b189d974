// The dashboard's own code may not come, as when the machine's networks change while it is fetched:
// the page is loaded again, three times at most, and then says so rather than stay empty.
const triesKey = 'lockstep.start-tries'
let isMissing = false

// A script that does not come tells its own element alone, so that only a capturing listener hears of it.
addEventListener('error', ({ target }) => target instanceof HTMLScriptElement && startAgain(), true)

// Scripts have come, or have failed, when a page is loaded.
addEventListener('load', () => {
  if (!isMissing) keepTries(0)
})

function startAgain() {
  // Several scripts may be missing at once: that is one start that failed.
  if (isMissing) return
  isMissing = true
  const tries = readTries()
  if (tries < 3 && keepTries(tries + 1)) setTimeout(() => location.reload(), 250 * 2 ** tries)
  else sayThatItIsMissing()
}

function sayThatItIsMissing() {
  keepTries(0)
  const notice = document.createElement('p')
  notice.setAttribute('role', 'alert')
  notice.textContent =
    'The dashboard did not come. Load this page again; if that does not help, end Lockstep and start it again.'
  document.body.append(notice)
}

function readTries() {
  try {
    return Number(sessionStorage.getItem(triesKey) ?? 0)
  } catch {
    return 0
  }
}

/** False where the browser keeps nothing: then nobody could count, and it would be loaded for ever. */
function keepTries(tries) {
  try {
    sessionStorage.setItem(triesKey, String(tries))
    return true
  } catch {
    return false
  }
}
