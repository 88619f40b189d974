// Runs before the first paint, so that no wrong theme flashes up; the engine's own word for it follows.
document.documentElement.dataset.theme = localStorage.getItem('lockstep.theme') ?? 'system'
