import WorkerChannel

/// What holds a worker, in the words of `keel status`.
package struct SandboxText {
  /// Of the bits a worker reports once it has given up what it can.
  static func of(_ held: UInt32) -> String {
    var holds: [String] = []
    var lacks: [String] = []
    func note(_ held: Bool, _ name: String) {
      if held { holds.append(name) } else { lacks.append(name) }
    }
    let has = { (bit: Int) in held & UInt32(bit) != 0 }
    note(has(Int(WORKER_FILTERED)), "system calls filtered")
    note(has(Int(WORKER_UNPRIVILEGED)), "no new privileges")
    note(has(Int(WORKER_CLOSED)), "no files but libraries")
    note(has(Int(WORKER_BOUNDED)), "limits on memory, files and tasks")
    if has(Int(WORKER_OTHER_USER)) {
      holds.append("the host's own user")
    } else {
      note(has(Int(WORKER_OWN_USER)), "a user of its own")
    }
    let held = holds.joined(separator: ", ")
    guard !lacks.isEmpty else { return held }
    let lacking = "the kernel did not permit: " + lacks.joined(separator: ", ")
    return held.isEmpty ? lacking : "\(held); \(lacking)"
  }
}
