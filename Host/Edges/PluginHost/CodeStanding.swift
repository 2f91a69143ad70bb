/// Where code may run, by the word of whoever vouches for it, and what bounds it there. It belongs
/// to the content: the same bytes from two places are the same code.
package struct CodeStanding: Sendable, Equatable {
  package enum Place: Sendable, Equatable {
    case anywhere
    /// Its bundle asks for a process of its own.
    case workersAsAsked
    /// Nobody vouches for it: it lies in a directory whose code runs in workers.
    case workersAsUntrusted
  }
  package var place = Place.anywhere
  /// What its bundle says it needs at most.
  package var memoryMegabytes: Int?

  /// Why it runs in workers alone, in words; nil where it need not.
  package var confinement: String? {
    switch place {
    case .anywhere: nil
    case .workersAsAsked: "its bundle asks for a worker process"
    case .workersAsUntrusted: "the policy of the directory it came from is \"workers\""
    }
  }

  /// Who is trusted outweighs who is not, in both directions: what lies in a directory of strangers
  /// says nothing of code that somebody vouches for.
  func joined(with other: CodeStanding) -> CodeStanding {
    if other.place == .workersAsUntrusted, place != .workersAsUntrusted { return self }
    if place == .workersAsUntrusted, other.place != .workersAsUntrusted { return other }
    var joined = self
    if other.place == .workersAsAsked { joined.place = .workersAsAsked }
    joined.memoryMegabytes = [memoryMegabytes, other.memoryMegabytes].compactMap(\.self).min()
    return joined
  }

  /// Those of a worker, or the bundle's own where they are tighter.
  package func bounded(_ options: WorkerOptions) -> WorkerOptions {
    guard let memoryMegabytes else { return options }
    var options = options
    let own = UInt64(memoryMegabytes) << 20
    options.memoryBytes = options.memoryBytes == 0 ? own : min(options.memoryBytes, own)
    return options
  }
}
