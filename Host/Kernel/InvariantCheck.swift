/// The rules a state keeps, looked through one after another; the first broken one is remembered.
/// In tests a broken rule ends the process; a snapshot that breaks one is refused.
struct InvariantCheck {
  private(set) var broken: String?

  mutating func require(_ holds: Bool, _ rule: @autoclosure () -> String) {
    if !holds, broken == nil { broken = rule() }
  }
}
