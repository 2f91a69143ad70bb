/// The headers promise to say what this host does not drive: a constant that no code of the host
/// names carries DRAFT, beside it, at the head of its enum, or at the head of its file.
enum DraftRules {
  /// Driven by their numbers: Swift enums with the C raw values stand for them.
  static let mirrored: Set<String> = Set(
    """
    SIDE_NONE BUY SELL KIND_SPOT KIND_PERPETUAL HALTED CLOSED AUCTION
    ORDER_PENDING ORDER_ACCEPTED ORDER_PARTIALLY_FILLED ORDER_FILLED ORDER_PENDING_CANCEL
    ORDER_CANCELLED ORDER_REJECTED ORDER_EXPIRED ORDER_REFUSED MARKET LIMIT GTC IOC POSITION_NET
    LIQUIDITY_UNKNOWN MAKER TAKER IN_PLACE IN_CANCEL LOG_DEBUG LOG_INFO
    VALUE_RETURN VALUE_VOLATILITY VALUE_LOW VALUE_HIGH VALUE_REGIME VALUE_PROBABILITY VALUE_EDGE_BPS
    PARAM_BOOLEAN PARAM_INTEGER PARAM_DECIMAL PARAM_ENUM PARAM_TEXT
    KIND_INVERSE KIND_FUTURE KIND_OPTION KIND_EQUITY CLASS_NONE CLASS_CRYPTO CLASS_EQUITY
    CLASS_CURRENCY CLASS_COMMODITY CLASS_RATE CLASS_INDEX ORDER_PENDING_AMEND ORDER_UNKNOWN
    ORDER_HELD STOP STOP_LIMIT TRAILING_STOP TAKE_PROFIT IF_TOUCHED FOK GTD DAY POSITION_LONG
    POSITION_SHORT IN_AMEND LINK_NONE LINK_BRACKET LINK_OCO
    LIMIT_ORDER_WORTH LIMIT_ORDER_LOTS LIMIT_PRICE_COLLAR LIMIT_DATA_AGE LIMIT_RATE_AGE
    LIMIT_SELF_TRADE LIMIT_DUPLICATE_TIME LIMIT_SLOT_ORDERS LIMIT_ACCOUNT_ORDERS
    LIMIT_VENUE_ORDERS LIMIT_RATE_TIME LIMIT_POSITION_WORTH LIMIT_EQUITY_SHARE
    LIMIT_GROSS_EXPOSURE LIMIT_CLASS_EXPOSURE LIMIT_LEVERAGE LIMIT_CORRELATED LIMIT_SECTOR
    LIMIT_TRADE_RISK LIMIT_OPEN_RISK LIMIT_UNPROTECTED_LOSS LIMIT_DAILY_LOSS LIMIT_DAILY_TRADES
    LIMIT_DAY_START LIMIT_DRAWDOWN_WARNING LIMIT_DRAWDOWN_REDUCE LIMIT_DRAWDOWN_STOP LIMIT_MARGIN
    LIMIT_BREAKER_REJECTS LIMIT_BREAKER_MOVE LIMIT_BREAKER_TIME LIMIT_BREAKER_PAUSE LIMIT_BUDGET
    LIMIT_ANSWER_TIME LIMIT_CROSSING
    STEP_PROBE STEP_VERIFY STEP_SNAPSHOT STEP_PARAMETERS STEP_CREATE STEP_WARM_UP STEP_SHADOW
    STEP_ORDERS STEP_SWITCH STEP_FAULT STEP_ROLLBACK STEP_PROBATION STEP_REFUSED STEP_RETIRE
    """.split { $0 == " " || $0 == "\n" }.map { "KEEL_" + $0 })

  struct Constant {
    let name: String
    let line: Int
    let isDraft: Bool
  }

  static func check(_ headers: [SourceFile], code: [SourceFile]) -> [Defect] {
    var named = mirrored
    for file in code where file.isSwift || file.isC {
      // These only spell numbers out for people.
      if ["RecordKind.swift", "ReasonText.swift", "LimitText.swift"].contains(file.name) {
        continue
      }
      for line in file.code where line.contains("KEEL_") {
        named.formUnion(CodeText.words(line).map(String.init))
      }
    }
    return headers.flatMap { file in
      constants(file).filter { !$0.isDraft && !named.contains($0.name) }.map {
        Defect(
          path: file.path, line: $0.line,
          why: "nothing drives \($0.name): say DRAFT in its comment")
      }
    }
  }

  static func constants(_ file: SourceFile) -> [Constant] {
    let isDraftFile = file.name != "keel.h" && file.text.firstComment.contains("DRAFT:")
    var found: [Constant] = []
    var isInside = false
    var isDraftEnum = false
    for (index, pair) in zip(file.lines, file.code).enumerated() {
      let (line, code) = pair
      if code.hasPrefix("enum {") {
        isInside = true
        let isOneLine = code.contains("}")
        isDraftEnum = line.contains("DRAFT") && (isOneLine || !code.contains("KEEL_"))
      }
      guard isInside else { continue }
      for word in CodeText.words(code) where word.hasPrefix("KEEL_") {
        let isDraft = isDraftFile || isDraftEnum || line.contains("DRAFT")
        found.append(Constant(name: String(word), line: index + 1, isDraft: isDraft))
      }
      if code.contains("}") { isInside = false }
    }
    return found
  }
}

extension String {
  fileprivate var firstComment: Substring {
    let words = split(separator: "*/", maxSplits: 1)
    return words.first ?? ""
  }
}
