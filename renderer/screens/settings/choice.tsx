import { useId } from 'react'
import styles from './settings.module.css'

interface Option<T extends string> {
  readonly value: T
  readonly title: string
  readonly hint?: string
}

interface ChoiceProps<T extends string> {
  readonly title: string
  readonly options: readonly Option<T>[]
  readonly value: T
  readonly onChoose: (value: T) => void
}

/** One of several, which takes effect at once. */
export function Choice<T extends string>({ title, options, value, onChoose }: ChoiceProps<T>) {
  const name = useId()
  return (
    <fieldset className={styles.choice}>
      <legend>{title}</legend>
      <div className={styles.options}>
        {options.map(option => (
          <label
            key={option.value}
            className={styles.option}
            data-chosen={option.value === value || undefined}
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChoose(option.value)}
            />
            <span>
              {option.title}
              {option.hint && <span className="quiet"> {option.hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
