import { z } from 'zod'

/** A time in seconds, up to a day. */
export const seconds = z.number().positive().max(86_400)

/** How many: a whole number, from zero on. */
export const count = z.number().int().min(0)

/** Why something is accepted, for whoever reads it later. */
export const reason = z.string().min(3, 'say why in words').describe('Why, in words.')
