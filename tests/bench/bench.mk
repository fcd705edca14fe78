# `make bench`: what a warm answer costs beside a bare libh2o server, and how long a cold one takes. Included by the
# main Makefile, whose flags and rule for objects it uses.

# --check: fail when a target is missed; --help: the rest.
BENCH_FLAGS ?=

$(BUILD)/bare: $(BUILD)/tests/bench/bare.o $(addprefix $(BUILD)/,service/front/tls.o service/process/ticket_keys.o translators/base/must.o) $(BUILD)/flags
	$(say) link $@
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(LDLIBS)

instructions = if command -v valgrind > /dev/null; then BUILD=$(abspath $(BUILD)) node tests/bench/instructions.mjs; \
	else echo "instructions: skipped: there is no valgrind (deploy/install-deps --bench)"; fi

bench: ## measure warm answers beside a bare libh2o server, and cold ones (BENCH_FLAGS=--check)
	@deploy/install-deps --test
	@+$(MAKE) --no-print-directory $(jobs) $(PROGRAMS) $(BUILD)/bare
	@BUILD=$(abspath $(BUILD)) node tests/bench/bench.mjs $(BENCH_FLAGS)
	@$(instructions)
bench-check: $(PROGRAMS) $(BUILD)/bare ## instructions of a hit, a cold tour and a start, against what they may take (valgrind)
	@$(instructions)
.PHONY: bench bench-check
