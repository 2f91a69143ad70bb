/// What went wrong in a simulation, and in which turn of it.
struct SimulationFailure: Error {
  let turn: Int
  let reason: String
}
