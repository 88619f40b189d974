/** To be filled. */
export function WelcomeScreen() {
  return <h1 tabIndex={-1}>Choose a project</h1>
}
