package schema_test

import (
	"slices"
	"strings"
	"testing"
)

// hostile are bodies at the limits of what Parse accepts, made to cost as much as they can.
var hostile = map[string]struct {
	body    func() string
	pattern string // of the pointers of 20 violations, with # for a number that counts up; "" for a good body
}{
	"bad roles":          {func() string { return message(list(`{"role":"x","content":""}`, 33_000)) }, "/messages/#/role"},
	"no messages at all": {func() string { return message(list(`0`, 99_999)) }, "/messages/#"},
	"empty messages":     {func() string { return message(list(`{}`, 99_999)) }, "/messages/#/role"},
	"users say nothing":  {func() string { return message(list(`{"role":"user"}`, 49_999)) }, "/messages/#/content"},
	"bad parts":          {func() string { return part(list(`0`, 99_990)) }, "/messages/0/content/#"},
	"bad calls":          {func() string { return call(list(`{"id":"","type":"function"}`, 33_000)) }, "/messages/0/tool_calls/#/function"},
	"bad tools": {func() string {
		return with(`"tools":[` + list(`{"type":"function","function":{"name":""}}`, 24_000) + `]`)
	}, "/tools/#/function/name"},
	"bad stops":     {func() string { return with(`"stop":[` + list(`0`, 99_990) + `]`) }, "/stop/#"},
	"good messages": {func() string { return message(list(`{"role":"user","content":""}`, 33_000)) }, ""},
	"good parts":    {func() string { return part(list(`{"type":"text","text":""}`, 33_000)) }, ""},
	"good calls": {func() string {
		return call(list(`{"id":"","type":"function","function":{"name":"","arguments":""}}`, 16_000))
	}, ""},
	"unknown names": {func() string { return message(`{"role":"user","content":"","more":` + object(99_990) + `}`) }, ""},
	"long text":     {func() string { return message(`{"role":"user","content":"` + text(16<<20) + `"}`) }, ""},
	"long escapes":  {func() string { return message(`{"role":"user","content":"` + strings.Repeat(`\n`, 8<<20) + `"}`) }, ""},
}

func TestHostileBodies(t *testing.T) {
	for name, test := range hostile {
		t.Run(name, func(t *testing.T) {
			got := pointers(action(t, chatID).CheckBody(parse(t, test.body())))
			var want []string
			if test.pattern != "" {
				want = numbered(test.pattern, 20)
			}
			if !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// The work for a bad body is bounded by what is reported of it.
func TestHostileBodiesAreCheap(t *testing.T) {
	chat := action(t, chatID)
	for name, test := range hostile {
		if test.pattern == "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			d := parse(t, test.body())
			if got := testing.AllocsPerRun(1, func() { chat.CheckBody(d) }); got > 200_000 {
				t.Errorf("got %.0f allocations", got)
			}
		})
	}
}

func TestLongValuesAgainstEachPattern(t *testing.T) {
	for name, test := range map[string]struct{ member, pointer string }{
		"model":       {`"model":"?"`, "/model"},
		"schema name": {`"response_format":{"type":"json_schema","json_schema":{"name":"?","schema":{}}}`, "/response_format/json_schema/name"},
		"tool name":   {`"tools":[{"type":"function","function":{"name":"?"}}]`, "/tools/0/function/name"},
		"choice":      {`"tool_choice":"?"`, "/tool_choice"},
		"application": {`"user_security_context":{"application_name":"?"}`, "/user_security_context/application_name"},
		"user":        {`"user_security_context":{"end_user_id":"?"}`, "/user_security_context/end_user_id"},
		"tenant":      {`"user_security_context":{"end_user_tenant_id":"?"}`, "/user_security_context/end_user_tenant_id"},
		"address":     {`"user_security_context":{"source_ip":"?"}`, "/user_security_context/source_ip"},
		"modality":    {`"modalities":["?"]`, "/modalities/0"},
		"reply":       {`"response_format":{"type":"?"}`, "/response_format/type"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			long := strings.Repeat("01234567-89ab-cdef-0123-456789abcdef", 16<<20/36)
			violations := action(t, chatID).CheckBody(parse(t, with(strings.Replace(test.member, "?", long, 1))))
			if got := pointers(violations); !slices.Equal(got, []string{test.pointer}) {
				t.Fatalf("got %q, want %s", got, test.pointer)
			}
			checkViolations(t, violations)
		})
	}
}
