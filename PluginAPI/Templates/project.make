# What every project of a keel plugin does alike. NAME and the rule for build/$(NAME).so come from
# the Makefile above.
KEEL ?= keel
CC ?= cc
LIBRARY := build/$(NAME).so
INCLUDE := -I sdk/PluginABI/include

.PHONY: all bundle test check bench backtest clean
.DEFAULT_GOAL := all
all: $(LIBRARY) bundle

# A bundle is one file with a manifest, for those who trade with it.
bundle: $(LIBRARY)
	@if $(KEEL) plugin --help 2>/dev/null | grep -q '^ *pack '; then \
	  rm -rf build/$(NAME).keel && $(KEEL) plugin pack $(LIBRARY) --output build/$(NAME).keel; fi

test: build/test $(LIBRARY)
	build/test $(LIBRARY)

build/test: test/test.c $(wildcard sdk/PluginConformance/*.c)
	@mkdir -p build
	$(CC) -std=gnu11 -O1 -g -Wall -Wextra $(INCLUDE) -I sdk/PluginConformance/include \
	  -I sdk/Languages -o $@ $^ -lm -lpthread -ldl

check: $(LIBRARY)
	$(KEEL) plugin check $(LIBRARY)

bench: $(LIBRARY)
	$(KEEL) plugin bench $(LIBRARY)

build/market.tape:
	@mkdir -p build
	$(KEEL) data generate $@ --model regimes --events 100000 --seed 7

backtest: $(LIBRARY) build/market.tape
	$(KEEL) backtest --tape build/market.tape

clean:
	rm -rf build
