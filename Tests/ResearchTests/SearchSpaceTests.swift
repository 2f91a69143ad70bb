import Performance
import Testing

@testable import Research

@Suite struct SearchSpaceTests {
  private func values(_ text: String) throws -> String {
    let domain = try SearchParameter.parse("trend.fast=\(text)").domain
    guard let count = domain.count else { return "\(domain)" }
    return (0..<count).map { domain.value($0).text }.joined(separator: " ")
  }

  @Test(arguments: [
    ("10:50:10", "10 20 30 40 50"),
    ("10:55:10", "10 20 30 40 50"),
    ("3:6", "3 4 5 6"),
    ("-1:1", "-1 0 1"),
    ("0.1:0.5:0.1", "0.1 0.2 0.3 0.4 0.5"),
    ("0:1:0.25", "0.0 0.25 0.5 0.75 1.0"),
    ("5,20,10", "5 10 20"),
    ("5,0.5", "0.5 5.0"),
    ("7", "7"),
    ("fast,slow", "fast slow"),
    ("true,false", "true false"),
    ("4..7", "4 5 6 7"),
    ("log:4..7", "4 5 6 7"),
  ])
  func valuesAreReadAsWritten(text: String, expected: String) throws {
    #expect(try values(text) == expected)
  }

  @Test func integersStayIntegersAndDecimalsDecimals() throws {
    #expect(try SearchParameter.parse("a.b=1:3").domain.value(0) == .integer(1))
    #expect(try SearchParameter.parse("a.b=1:3:0.5").domain.value(0) == .decimal(1))
    #expect(try SearchParameter.parse("a.b=1..3").domain == .integers(1...3, isLogarithmic: false))
    #expect(
      try SearchParameter.parse("a.b=1.0..3").domain == .decimals(1...3, isLogarithmic: false))
    #expect(
      try SearchParameter.parse("a.b=log:1e-4..1").domain
        == .decimals(1e-4...1, isLogarithmic: true))
  }

  @Test(arguments: [
    ("trend.fast", "\"trend.fast\" names no values"),
    ("=1:2", "\"=1:2\" names no values"),
    ("", "\"\" names no values"),
    ("fast=1:2", "\"fast\" is no parameter of a slot"),
    ("trend.=1:2", "\"trend.\" is no parameter of a slot"),
    (".fast=1:2", "\".fast\" is no parameter of a slot"),
    ("tr end.fast=1:2", "\"tr end.fast\" holds what no name does"),
    ("trend.fast<3=1:2", "\"trend.fast<3\" holds what no name does"),
    ("trend.fast=", "trend.fast has no values"),
    ("trend.fast=10:50:0", "trend.fast: the step 0 is not above zero"),
    ("trend.fast=10:50:-5", "trend.fast: the step -5 is not above zero"),
    ("trend.fast=50:10:5", "trend.fast: 50 is above 10"),
    ("trend.fast=1:2:3:4", "trend.fast: \"1:2:3:4\" has 4 parts"),
    ("trend.fast=0.1:0.5", "trend.fast: a range of decimals needs its step"),
    ("trend.fast=1::2", "trend.fast: \"\" is no number"),
    ("trend.fast=1:x:2", "trend.fast: \"x\" is no number"),
    ("trend.fast=1e-3:1:0.1", "trend.fast: \"1e-3:1:0.1\" has too many digits to count steps in"),
    ("trend.fast=0:9223372036854775807:1", "trend.fast: more than 100000 values"),
    (
      "trend.fast=-9223372036854775808:9223372036854775807:1",
      "trend.fast: more than 100000 values"
    ),
    ("trend.fast=1..", "trend.fast: \"\" is no number"),
    ("trend.fast=1...5", "trend.fast: \".5\" is no number"),
    ("trend.fast=5..1", "trend.fast: 5 is not below 1"),
    ("trend.fast=1..1", "trend.fast: 1 is not below 1"),
    ("trend.fast=nan..1", "trend.fast: \"nan\" is no number"),
    ("trend.fast=1..inf", "trend.fast: \"inf\" is no number"),
    ("trend.fast=0..1e999", "trend.fast: \"1e999\" is no number"),
    ("trend.fast=-1e308..1e308", "trend.fast: -1e308..1e308 is too wide"),
    ("trend.fast=0..9223372036854775807", "trend.fast: 0..9223372036854775807 is too wide"),
    ("trend.fast=log:0..5", "trend.fast: a logarithmic scale has no 0"),
    ("trend.fast=log:1,2", "trend.fast: a logarithmic scale is for an interval"),
    ("trend.fast=log:", "trend.fast: a logarithmic scale is for an interval"),
    ("trend.fast=1,,2", "trend.fast: a value of the list is empty"),
    ("trend.fast=1,2,", "trend.fast: a value of the list is empty"),
    ("trend.fast=1,2,1", "trend.fast: 1 is listed twice"),
    ("trend.fast=a,a", "trend.fast: a is listed twice"),
    ("trend.fast=1,two,3", "trend.fast: \"two\" stands among numbers"),
  ])
  func whatIsNoSearchIsRefusedWithAReason(text: String, message: String) throws {
    let error = try #require(throws: ResearchError.self) { try SearchParameter.parse(text) }
    #expect(error.message == message)
    #expect(error.code == .usage)
    #expect(!error.remedy.isEmpty)
  }

  private static let pair = ["trend.fast=1:3", "trend.slow=2:4", "trend.mode=a,b"]

  @Test(arguments: [
    ("trend.fast<trend.slow", 12), ("trend.fast < trend.slow", 12),
    ("trend.fast<=trend.slow", 16), ("trend.slow>trend.fast", 12), ("trend.fast>=3", 6),
    ("trend.fast==2", 6), ("trend.fast!=2", 12), ("2==trend.fast", 6), ("trend.mode==a", 9),
    ("trend.mode!=a", 9), ("trend.fast<-1", 0),
  ])
  func aConditionLeavesWhatSatisfiesIt(condition: String, points: Int) throws {
    let space = try SearchSpace(parameters: Self.pair, constraints: [condition])
    guard points > 0 else {
      #expect(throws: SearchSpace.nothingAllowed) { try space.grid() }
      return
    }
    #expect(try space.grid().count == points)
  }

  @Test(arguments: [
    ("trend.fast", "\"trend.fast\" is no comparison of two"),
    ("", "\"\" is no comparison of two"),
    ("<", "\"<\" is no comparison of two"),
    ("trend.fast<", "\"trend.fast<\" is no comparison of two"),
    ("<trend.fast", "\"<trend.fast\" is no comparison of two"),
    ("1<trend.fast<trend.slow", "\"1<trend.fast<trend.slow\" compares more than two"),
    ("trend.fast=<3", "\"=<\" compares nothing"),
    ("trend.fast=3", "\"=\" compares nothing"),
    ("trend.fats<3", "no --param is named trend.fats"),
    ("1<2", "\"1<2\" names no parameter that is searched"),
    ("trend.fast<a", "\"trend.fast<a\" compares a word with a number"),
    ("trend.mode<a", "\"trend.mode<a\": words have no order"),
    ("trend.mode==1", "\"trend.mode==1\" compares a word with a number"),
    ("a b<trend.fast", "\"a b\" is neither a parameter nor a value"),
  ])
  func whatIsNoConditionIsRefusedWithAReason(condition: String, message: String) throws {
    let error = try #require(throws: ResearchError.self) {
      try SearchSpace(parameters: Self.pair, constraints: [condition])
    }
    #expect(error.message == message)
    #expect(error.subject == "--where")
  }

  @Test func aMistypedNameIsGuessed() throws {
    let error = try #require(throws: ResearchError.self) {
      try SearchSpace(parameters: Self.pair, constraints: ["trend.fats<3"])
    }
    #expect(error.remedy == "did you mean \"trend.fast\"?")
  }

  @Test func aParameterIsSearchedOnce() throws {
    let error = try #require(throws: ResearchError.self) {
      try SearchSpace(parameters: ["a.b=1:2", "a.b=3"])
    }
    #expect(error.message == "a.b is given twice")
    #expect(throws: ResearchError.self) { try SearchSpace(parameters: []) }
  }

  @Test func aGridHoldsEveryPointOnceTheLastParameterFastest() throws {
    let space = try SearchSpace(parameters: ["a.x=1:2", "a.y=5,6,7"])
    #expect(
      try space.grid().map(space.text) == [
        "a.x=1 a.y=5", "a.x=1 a.y=6", "a.x=1 a.y=7", "a.x=2 a.y=5", "a.x=2 a.y=6", "a.x=2 a.y=7",
      ])
  }

  @Test func aGridNeedsCountedValuesAndNotTooMany() throws {
    let endless = try SearchSpace(parameters: ["a.x=0.1..0.9"])
    #expect(throws: ResearchError.self) { try endless.grid() }
    let huge = try SearchSpace(parameters: ["a.x=1:2000", "a.y=1:2000"])
    #expect(huge.size == 4_000_000)
    #expect(throws: ResearchError.self) { try huge.grid() }
    let beyond = try SearchSpace(
      parameters: (0..<9).map { "a.x\($0)=1:100000" })
    #expect(beyond.size == nil)
  }

  @Test func drawnPointsKeepWithinTheirValuesAndConditions() throws {
    let space = try SearchSpace(
      parameters: ["a.n=log:1..1000", "a.d=log:0.001..1.0", "a.w=u,v", "a.k=1:9:2"],
      constraints: ["a.n>a.k"])
    var generator = ResamplingGenerator(seed: 4)
    var below = 0
    for _ in 0..<2_000 {
      let point = try #require(space.draw(&generator))
      #expect(space.allows(point))
      guard case .integer(let n) = point.values[0], case .decimal(let d) = point.values[1],
        case .integer(let k) = point.values[3]
      else {
        Issue.record("a value changed its kind: \(point)")
        return
      }
      #expect((1...1000).contains(n) && (0.001...1.0).contains(d) && [1, 3, 5, 7, 9].contains(k))
      if d < 0.0316 { below += 1 }
      for (index, place) in space.place(point).enumerated() {
        #expect((0...1).contains(place))
        #expect(
          space.parameters[index].domain.value(nearest: place).number ?? 0
            == (point.values[index].number ?? 0) || index == 1)
      }
    }
    // Even on a logarithmic scale: half lies below the geometric mean.
    #expect((900...1_100).contains(below))
  }

  @Test func valuesReadBackAsTheyWereWritten() {
    for value in [
      TrialValue.integer(-3), .decimal(0.1), .decimal(3), .decimal(1e-7), .word("true"),
    ] {
      #expect(TrialValue(value.json) == value)
    }
  }
}
