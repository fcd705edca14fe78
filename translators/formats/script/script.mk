# What format=js runs as a C file: tag.js with nodes.js in the place of the line that names it, without comments and
# indentation, which each visitor would have to load. Included by the Makefile behind its lists and flags.

SCRIPT_FILES  := $(addprefix translators/formats/script/,tag.js nodes.js)
SCRIPT_OBJECT := $(BUILD)/translators/formats/script_text.o
OBJECTS       += $(SCRIPT_OBJECT)

$(BUILD)/translators/formats/script_text.c: $(SCRIPT_FILES) translators/formats/script/compile
	@mkdir -p $(@D)
	$(say) make $@
	$(Q)translators/formats/script/compile tag.js > $@.new
	$(Q)mv $@.new $@

$(SCRIPT_OBJECT): $(BUILD)/translators/formats/script_text.c translators/formats/script/script_text.h $(BUILD)/flags
	$(say) compile $<
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<
