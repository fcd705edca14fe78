# The web page's files as a C file, so that the program reads nothing at run time. Included by the Makefile behind
# its lists and flags.

WEB_FILES  := $(sort $(wildcard service/page/web/*.html service/page/web/*.css service/page/web/*.js service/page/web/snippets/*))
WEB_ELEMENT := $(BUILD)/service/marquee-dates.js
WEB_OBJECT := $(BUILD)/service/web_files.o
OBJECTS    += $(WEB_OBJECT)

# Other people's pages load it, so it is as small as a tag's own script.
$(WEB_ELEMENT): $(addprefix translators/formats/script/,element.js nodes.js compile)
	@mkdir -p $(@D)
	$(say) make $@
	$(Q)translators/formats/script/compile --text element.js > $@

$(BUILD)/service/web_files.c: $(WEB_FILES) $(WEB_ELEMENT) service/page/web/compile
	@mkdir -p $(@D)
	$(say) make $@
	$(Q)service/page/web/compile $(WEB_FILES:service/page/web/%=%) $(abspath $(WEB_ELEMENT)) > $@.new
	$(Q)mv $@.new $@

$(WEB_OBJECT): $(BUILD)/service/web_files.c service/page/web.h $(BUILD)/flags
	$(say) compile $<
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<
