/** To be filled. */
export function OverviewScreen() {
  return <h1 tabIndex={-1}>Overview</h1>
}
