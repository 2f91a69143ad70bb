/// What an instance is made from. Declares parameters and reads them in one breath:
///
///     let fast = setup.integer("fast", default: 10, in: 1...1000, about: "Short average")
///
/// `init` runs twice: once to learn the declarations, with the defaults, and once with the
/// configured values. So read every parameter unconditionally, and check them afterwards.
public struct Setup {
  /// The raw JSON object under "config" of this slot, "" when absent.
  public let config: String

  var parameters: [Parameter] = []
  var isDeclaring = true
  var isDeclaredTwice = false

  init(config: String) { self.config = config }

  public mutating func integer(
    _ name: StaticString, default initial: Int?, in range: ClosedRange<Int>,
    unit: StaticString = "", about: StaticString, live: Bool = false
  ) -> Int {
    let first = Double(initial ?? range.lowerBound)
    let declared = Parameter(
      name: name, kind: .integer, initial: first, min: Double(range.lowerBound),
      max: Double(range.upperBound), unit: unit, about: about, isLive: live,
      isRequired: initial == nil, value: first, text: "")
    return Int(parameters[resolve(declared)].value)
  }

  public mutating func decimal(
    _ name: StaticString, default initial: Double?, in range: ClosedRange<Double>,
    unit: StaticString = "", about: StaticString, live: Bool = false
  ) -> Double {
    let first = initial ?? range.lowerBound
    let declared = Parameter(
      name: name, kind: .decimal, initial: first, min: range.lowerBound, max: range.upperBound,
      unit: unit, about: about, isLive: live, isRequired: initial == nil, value: first, text: "")
    return parameters[resolve(declared)].value
  }

  public mutating func boolean(
    _ name: StaticString, default initial: Bool, about: StaticString, live: Bool = false
  ) -> Bool {
    let first: Double = initial ? 1 : 0
    let declared = Parameter(
      name: name, kind: .boolean, initial: first, max: 1, about: about, isLive: live,
      value: first, text: "")
    return parameters[resolve(declared)].value != 0
  }

  /// `choices` is "fast|slow"; the answer is the index of the one chosen.
  public mutating func choice(
    _ name: StaticString, of choices: StaticString, default initial: Int, about: StaticString,
    live: Bool = false
  ) -> Int {
    var last = 0
    for byte in choices.bytes where byte == UInt8(ascii: "|") { last += 1 }
    precondition(initial >= 0 && initial <= last, "the default is one of the choices")
    let declared = Parameter(
      name: name, kind: .choice, initial: Double(initial), max: Double(last), choices: choices,
      about: about, isLive: live, value: Double(initial), text: "")
    return Int(parameters[resolve(declared)].value)
  }

  public mutating func text(
    _ name: StaticString, default initial: StaticString?, bytesMax: Int = 256,
    about: StaticString, live: Bool = false
  ) -> String {
    let declared = Parameter(
      name: name, kind: .text, max: Double(bytesMax), initialText: initial ?? "", about: about,
      isLive: live, isRequired: initial == nil, value: 0, text: (initial ?? "").text)
    return parameters[resolve(declared)].text
  }

  /// Where the parameter stands, declaring it when this is the learning pass.
  private mutating func resolve(_ declared: Parameter) -> Int {
    for index in parameters.indices where parameters[index].name.isSame(as: declared.name) {
      if isDeclaring { isDeclaredTwice = true }
      return index
    }
    precondition(isDeclaring, "init reads the same parameters whatever their values are")
    parameters.append(declared)
    return parameters.count - 1
  }
}
