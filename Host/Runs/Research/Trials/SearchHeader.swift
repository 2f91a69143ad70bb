import JSON
import PluginHost

/// What a search was made of: the first line of its record. Trials are only comparable where all
/// of it is equal, so another search finds the directory occupied.
package struct SearchHeader: Sendable, Equatable {
  package struct Fact: Sendable, Equatable {
    /// "seed", "configuration".
    package let name: String
    /// As it was asked for; of large things, a hash.
    package let value: String
    /// Whether the value is a hash, which nobody wants to read.
    package let isHash: Bool

    package init(_ name: String, _ value: String, isHash: Bool = false) {
      self.name = name
      self.value = value
      self.isHash = isHash
    }
  }

  /// "sweep", "walkforward".
  package let kind: String
  package let facts: [Fact]
  private static let format: Int64 = 1

  package init(kind: String, facts: [Fact]) {
    self.kind = kind
    self.facts = facts
  }

  /// One line, without its end.
  var text: String {
    var value = body
    value.set("hash", .string(Self.hash(value)))
    return value.text()
  }

  private var body: JSONValue {
    .object([
      ("keel", .string(kind)), ("format", .integer(Self.format)),
      (
        "facts",
        .array(
          facts.map {
            .object([
              ("name", .string($0.name)), ("value", .string($0.value)),
              ("isHash", .bool($0.isHash)),
            ])
          })
      ),
    ])
  }

  private static func hash(_ body: JSONValue) -> String {
    ContentHash(of: Array(body.text().utf8)).description
  }

  static func read(_ line: String, file: String) throws(ResearchError) -> SearchHeader {
    func damaged(_ message: String) -> ResearchError {
      ResearchError(
        .damaged, file, message,
        remedy: "name another directory, or remove this one and begin again")
    }
    guard let value = try? JSONValue.parse(line), let kind = value["keel"]?.string else {
      throw damaged("its first line is no header of a search")
    }
    guard value["format"]?.integer == format else {
      throw damaged("it was written by another version of keel")
    }
    var facts: [Fact] = []
    for element in value["facts"]?.elements ?? [] {
      guard let name = element["name"]?.string, let text = element["value"]?.string,
        let isHash = element["isHash"]?.bool
      else { throw damaged("its header was changed") }
      facts.append(Fact(name, text, isHash: isHash))
    }
    let header = SearchHeader(kind: kind, facts: facts)
    guard header.text == line else { throw damaged("its header was changed") }
    return header
  }

  /// What is different now, in words; empty where nothing is.
  func differences(to wanted: SearchHeader) -> [String] {
    guard kind == wanted.kind else { return ["it holds a \(kind), not a \(wanted.kind)"] }
    var found: [String] = []
    for fact in wanted.facts {
      let before = facts.first { $0.name == fact.name }
      if before == fact { continue }
      found.append(
        fact.isHash
          ? "\(fact.name) changed since"
          : "\(fact.name) was \(before?.value ?? "not given"), now \(fact.value)")
    }
    for fact in facts where !wanted.facts.contains(where: { $0.name == fact.name }) {
      found.append("\(fact.name) was \(fact.isHash ? "part of it" : fact.value), now not given")
    }
    return found
  }
}
