import { toFailure } from '../../../../shared/failure/failure.ts'
import type { ProjectChoice } from '../../project/open-project.ts'
import type { RememberedPasswords } from '../../settings/remembered-passwords.ts'
import { type SurveyedChoice, surveyChoice } from '../../survey/survey-choice.ts'

/** Looks at services and servers, once for all who ask at the same time, and remembers what was found. */
export class SurveyController {
  readonly #signal: AbortSignal
  readonly #remembered: () => RememberedPasswords
  #reading: { readonly choice: ProjectChoice; readonly surveyed: Promise<SurveyedChoice> } | null = null
  #last: { readonly choice: ProjectChoice; readonly surveyed: SurveyedChoice } | null = null

  constructor(signal: AbortSignal, remembered: () => RememberedPasswords) {
    this.#signal = signal
    this.#remembered = remembered
  }

  /** What is being looked for now would be found in another way. */
  forget(): void {
    this.#reading = null
  }

  /** Never throws: what could not be found is said in the answer. */
  read(choice: ProjectChoice): Promise<SurveyedChoice> {
    if (this.#reading?.choice === choice) return this.#reading.surveyed
    const surveyed = surveyChoice(choice, this.#signal, this.#remembered())
      .catch((error: unknown) => ({ topology: null, found: null, failure: toFailure(error) }))
      .then(found => {
        this.#last = { choice, surveyed: found }
        return found
      })
      .finally(() => {
        if (this.#reading?.surveyed === surveyed) this.#reading = null
      })
    this.#reading = { choice, surveyed }
    return surveyed
  }

  /** What was found last; null before the first time. */
  last(choice: ProjectChoice | null): SurveyedChoice | null {
    return this.#last !== null && this.#last.choice === choice ? this.#last.surveyed : null
  }
}
