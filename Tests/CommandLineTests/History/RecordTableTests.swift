import History
import JSON
import Market
import PluginABI
import PluginBridge
import TestSupport
import Testing

@Suite struct RecordTableTests {
  /// The rows of one type, and the records that a filter lets through, in words.
  private func rows(_ sample: SampleRecords, _ type: Int) -> [String] {
    let table = RecordTable(type: type)
    var names = RecordNames()
    var rows = [table.header]
    for bytes in sample.records {
      bytes.withRecords { records in
        for record in records {
          names.learn(record)
          if record.type == type { rows.append(table.row(record, names)) }
        }
      }
    }
    return rows
  }

  private func lines(_ sample: SampleRecords, _ filter: RecordFilter) -> [String] {
    var text = RecordText()
    var lines: [String] = []
    for bytes in sample.records {
      bytes.withRecords { records in
        for record in records {
          text.learn(record)
          if filter.accepts(record, text.names) { lines.append(text.line(record)) }
        }
      }
    }
    return lines
  }

  @Test func aFillIsARowOfDecimals() {
    var sample = SampleRecords()
    sample.trade(1, slot: 1, quantity: 150_000, price: 4_000_050)
    #expect(
      rows(sample, KEEL_EV_FILL) == [
        "seq,time,nanoseconds,instrument,slot,order,side,quantity,price,liquidity,fee,feeAsset,"
          + "execution\r\n",
        "11,2023-11-14T22:13:21.000Z,1700000001000000000,\"BTC,USDT\",trend,1048576,buy,1.5,"
          + "40000.50,maker,-0.125,USDT,\r\n",
      ])
  }

  @Test func whatBreaksAFieldIsQuoted() {
    let sample = SampleRecords()
    let instruments = rows(sample, KEEL_EV_INSTRUMENT)
    #expect(instruments[1].contains(",\"BTC,USDT\",0,"))
    #expect(instruments[2].contains(",\"ETH\"\"USDT\",1,"))
  }

  @Test func aLineEndInsideAFieldIsQuoted() {
    var sample = SampleRecords()
    sample.append(SampleRecords.slot(3, "one\r\ntwo"))
    sample.trade(1, slot: 3, quantity: 1, price: 1)
    #expect(rows(sample, KEEL_EV_FILL)[1].contains(",\"one\r\ntwo\","))
  }

  @Test func whatIsNotKnownIsEmpty() {
    var sample = SampleRecords()
    var quote = keel_ev_quote()
    quote.h = keel_event(KEEL_EV_QUOTE, of: keel_ev_quote.self)
    quote.h.inst = 9
    sample.append(quote)
    quote.h.inst = 1
    quote.bid = KEEL_NULL
    quote.ask = 7
    quote.ask_qty = 3
    sample.append(quote)
    let quotes = rows(sample, KEEL_EV_QUOTE)
    #expect(quotes[1].hasSuffix("Z,1700000000000000000,,,,,,,,,\r\n"))
    #expect(quotes[2].hasSuffix("Z,1700000000000000000,\"ETH\"\"USDT\",,7,0,3,,,,\r\n"))
  }

  @Test func everyTypeHasRowsAsWideAsItsHeader() {
    for name in RecordKind.names {
      let type = RecordKind.type(named: name) ?? 0
      var sample = SampleRecords()
      // No longer than a header: no field of it is there.
      sample.append(keel_event(type, of: keel_event.self))
      let widths = rows(sample, type).map { row in row.filter { $0 == "," }.count }
      #expect(widths.count >= 2 && widths.last == widths.first, "\(name)")
    }
  }

  @Test func moneyKeepsEveryDigit() {
    var sample = SampleRecords()
    var cash = keel_rec_cash()
    cash.h = keel_event(KEEL_REC_CASH, of: keel_rec_cash.self)
    cash.low = 1
    cash.high = 1 << 32
    cash.asset = 2
    cash.cause = UInt16(KEEL_CASH_DEPOSIT)
    sample.append(cash)
    #expect(
      rows(sample, KEEL_REC_CASH)[1].hasSuffix(",USDT,7922816251426.4337593543950337,0,deposit\r\n")
    )
  }

  @Test func aSlotIsItsOwnRecordsAndWhatBecameOfItsOrders() {
    var sample = SampleRecords()
    sample.trade(1, slot: 1, quantity: 1, price: 1)
    sample.trade(2, slot: 2, quantity: 2, price: 1)
    var filter = RecordFilter()
    filter.slot = "watch"
    let found = lines(sample, filter)
    #expect(found.count == 3)
    #expect(found[0].contains("slot  slot watch  cause started"))
    #expect(found[1].contains("submit") && found[1].contains("order 2097152"))
    #expect(found[2].contains("fill") && found[2].contains("quantity 0.00002"))
  }

  @Test func timesAreFromAndBefore() {
    var sample = SampleRecords()
    let start = sample.time
    for number in 1...3 { sample.trade(UInt64(number), slot: 1, quantity: 1, price: 1) }
    var filter = RecordFilter()
    filter.types = [KEEL_EV_FILL]
    filter.from = Timestamp(nanoseconds: start + 2_000_000_000)
    #expect(lines(sample, filter).count == 2)
    filter.to = Timestamp(nanoseconds: start + 3_000_000_000)
    #expect(lines(sample, filter).count == 1)
  }

  @Test func jsonHasEveryColumnAndALineWhatThereIs() {
    var sample = SampleRecords()
    sample.trade(1, slot: 1, quantity: 1, price: 1)
    var text = RecordText()
    for bytes in sample.records {
      bytes.withRecords { records in
        for record in records {
          text.learn(record)
          guard record.type == KEEL_CMD_SUBMIT else { continue }
          let json = text.json(record)
          #expect(json["limit"] == .null && json["slot"]?.string == "trend")
          #expect(json["nanoseconds"]?.integer == record.time.nanoseconds)
          #expect((try? JSONValue.parse(json.text())) == json)
          #expect(!text.line(record).contains("limit"))
        }
      }
    }
  }
}
