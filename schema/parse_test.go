package schema_test

import (
	"strings"
	"testing"

	"inferenceconnector/schema"
)

func TestParseRefuses(t *testing.T) {
	for name, test := range map[string]struct{ text, reason string }{
		"nothing":                        {"", "ends too early, at byte 0"},
		"white space only":               {" \n", "ends too early"},
		"object cut before a name":       {`{`, "ends too early"},
		"object cut inside a name":       {`{"a`, "ends too early"},
		"object cut behind a name":       {`{"a"`, "ends too early"},
		"object cut behind a colon":      {`{"a":`, "ends too early, at byte 5"},
		"object cut inside a text":       {`{"a":"b`, "ends too early"},
		"object cut inside an escape":    {`{"a":"\u00`, "ends too early"},
		"object cut inside a literal":    {`{"a":tru`, "ends too early"},
		"object cut behind a value":      {`{"a":1`, "ends too early"},
		"object cut behind a comma":      {`{"a":1,`, "ends too early"},
		"list cut":                       {`{"a":[1`, "ends too early"},
		"nested object cut":              {`{"a":{"b":1`, "ends too early"},
		"a list":                         {`[]`, "must be one object"},
		"a text":                         {`"a"`, "must be one object"},
		"a number":                       {`1`, "must be one object"},
		"a literal":                      {`true`, "must be one object"},
		"null":                           {`null`, "must be one object"},
		"an object in a text":            {`"{}"`, "must be one object"},
		"word behind the object":         {`{} x`, "something follows the object, at byte 2"},
		"object behind the object":       {`{}{}`, "something follows the object"},
		"comma behind the object":        {`{},`, "something follows the object"},
		"brace behind the object":        {`{}}`, "something follows the object"},
		"zero byte behind the object":    {"{}\x00", "something follows the object"},
		"comment behind the object":      {`{} // end`, "something follows the object"},
		"comment inside":                 {`{/**/}`, "invalid character '/'"},
		"byte-order mark":                {"\ufeff{}", "invalid character '\\ufeff'"},
		"UTF-16, little end first":       {"{\x00}\x00", "invalid character"},
		"UTF-16 with a byte-order mark":  {"\xff\xfe{\x00}\x00", "invalid character '\\xff'"},
		"Latin-1":                        {"{\"a\":\"\xe9\"}", "invalid UTF-8 at byte 6"},
		"Latin-1 in a name":              {"{\"\xe9\":1}", "invalid UTF-8 at byte 2"},
		"Latin-1 in a nested name":       {"{\"a\":{\"\xe9\":1}}", "invalid UTF-8 at byte 7"},
		"overlong UTF-8":                 {"{\"a\":\"\xc0\xaf\"}", "invalid UTF-8"},
		"surrogate in UTF-8":             {"{\"a\":\"\xed\xa0\x80\"}", "invalid UTF-8"},
		"lone high surrogate":            {`{"a":"\ud800"}`, "invalid surrogate pair"},
		"lone low surrogate":             {`{"a":"\udc00"}`, "invalid surrogate pair"},
		"surrogates in the wrong order":  {`{"a":"\udc00\ud800"}`, "invalid surrogate pair"},
		"high surrogate before a letter": {`{"a":"\ud800x"}`, "invalid surrogate pair"},
		"lone surrogate in a name":       {`{"\ud800":1}`, "invalid surrogate pair"},
		"unknown escape":                 {`{"a":"\x41"}`, "invalid escape sequence"},
		"short escape":                   {`{"a":"\u12"}`, "invalid escape sequence"},
		"line feed in a text":            {"{\"a\":\"b\nc\"}", "invalid character"},
		"zero byte in a text":            {"{\"a\":\"\x00\"}", "invalid character"},
		"single quotes":                  {`{'a':1}`, "invalid character '\\''"},
		"name without quotes":            {`{a:1}`, "invalid character 'a'"},
		"number as a name":               {`{1:1}`, "string"},
		"no colon":                       {`{"a" 1}`, "invalid character '1'"},
		"two colons":                     {`{"a"::1}`, "invalid character ':'"},
		"no comma in an object":          {`{"a":1 "b":2}`, `invalid character '"'`},
		"no comma in a list":             {`{"a":[1 2]}`, "invalid character '2'"},
		"comma at the end of an object":  {`{"a":1,}`, "invalid character"},
		"comma at the end of a list":     {`{"a":[1,]}`, "invalid character"},
		"comma at the start":             {`{,"a":1}`, "invalid character"},
		"wrong bracket":                  {`{"a":[1}`, "invalid character"},
		"the same name twice":            {`{"a":1,"a":1}`, `the name "a" appears twice in one object, at byte 7`},
		"the same name, escaped":         {`{"model":1,"mod\u0065l":2}`, `the name "model" appears twice`},
		"the same name, nested":          {`{"a":[{"b":1,"b":2}]}`, `the name "b" appears twice`},
		"the same name, deep":            {`{"a":{"x":{"b":1,"c":2,"b":3}}}`, `the name "b" appears twice`},
		"the same odd name":              {`{"a/b~c":1,"a/b~c":2}`, `the name "a/b~c" appears twice`},
		"the same empty name":            {`{"":1,"":2}`, `the name "" appears twice`},
		"NaN":                            {`{"a":NaN}`, "invalid character 'N'"},
		"infinity":                       {`{"a":Infinity}`, "invalid character 'I'"},
		"minus infinity":                 {`{"a":-Infinity}`, "invalid character 'I'"},
		"too large":                      {`{"a":1e400}`, "a number is too large, at byte 10"},
		"too large below zero":           {`{"a":-1E+309}`, "a number is too large"},
		"too large by far":               {`{"a":[1e999999999]}`, "a number is too large"},
		"plus sign":                      {`{"a":+1}`, "invalid character '+'"},
		"leading zero":                   {`{"a":01}`, "invalid character '1'"},
		"no digit before the point":      {`{"a":.5}`, "invalid character '.'"},
		"no digit behind the point":      {`{"a":1.}`, "invalid character '}'"},
		"no digit in the exponent":       {`{"a":1e}`, "invalid character '}'"},
		"hexadecimal":                    {`{"a":0x10}`, "invalid character 'x'"},
		"literal in capitals":            {`{"a":True}`, "invalid character 'T'"},
		"literal and more":               {`{"a":nulls}`, "invalid character 's'"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := refusal(t, test.text); !strings.Contains(got, test.reason) {
				t.Errorf("got %q, want %q in it", got, test.reason)
			}
		})
	}
}

func TestParseAccepts(t *testing.T) {
	for name, test := range map[string]struct {
		text, member string
		want         any
	}{
		"empty object":        {`{}`, "a", nil},
		"white space around":  {" \t\r\n{ \"a\" :\n1 }\r\n ", "a", number("1")},
		"empty name":          {`{"":"x"}`, "", "x"},
		"all escapes":         {`{"a":"\"\\\/\b\f\n\r\t\u0041\u0000"}`, "a", "\"\\/\b\f\n\r\tA\x00"},
		"surrogate pair":      {`{"a":"\ud83d\ude00"}`, "a", "\U0001F600"},
		"raw emoji":           {"{\"a\":\"\U0001F600\"}", "a", "\U0001F600"},
		"noncharacter":        {`{"a":"\uffff\ufffe"}`, "a", "\uffff\ufffe"},
		"replacement":         {"{\"a\":\"\ufffd\"}", "a", "\ufffd"},
		"mark inside a text":  {"{\"a\":\"\ufeff\"}", "a", "\ufeff"},
		"delete character":    {"{\"a\":\"\x7f\"}", "a", "\x7f"},
		"escaped name":        {`{"mod\u0065l":"m"}`, "model", "m"},
		"letter case differs": {`{"Model":1,"model":2}`, "model", number("2")},
		"same name elsewhere": {`{"a":{"a":[{"a":1},{"a":2}]},"b":{"a":3}}`, "b", map[string]any{"a": number("3")}},
		"large integer":       {`{"a":12345678901234567890}`, "a", number("12345678901234567890")},
		"trailing zeros":      {`{"a":0.10}`, "a", number("0.10")},
		"minus zero":          {`{"a":-0}`, "a", number("-0")},
		"more than a float":   {`{"a":` + strings.Repeat("9", 128) + `}`, "a", number(strings.Repeat("9", 128))},
		"exponent":            {`{"a":1E+2}`, "a", 100.0},
		"rounded to zero":     {`{"a":1e-400}`, "a", 0.0},
		"zero, however grand": {`{"a":0e999999999}`, "a", 0.0},
		"as small as can be":  {`{"a":-1e-999999999}`, "a", 0.0},
		"as large as can be":  {`{"a":1.7976931348623157e308}`, "a", 1.7976931348623157e308},
		"literals":            {`{"a":[true,false,null]}`, "a", []any{true, false, nil}},
		"empty list":          {`{"a":[]}`, "a", []any{}},
		"nested empty":        {`{"a":[[],{}]}`, "a", []any{[]any{}, map[string]any{}}},
		"null":                {`{"a":null}`, "a", nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := parse(t, test.text)
			if got, _ := d.Value(test.member); !equal(got, test.want) {
				t.Errorf("got %#v, want %#v", got, test.want)
			}
			if got := joined(d); !equal(decode(t, got), decode(t, test.text)) {
				t.Errorf("got %s, want the value of %s", got, test.text)
			}
		})
	}
}

func TestParseKeepsNothingOfAFailure(t *testing.T) {
	for range 100 { // one reader serves many texts
		refusal(t, `{"a":{"b":[1,2,{"c":"`)
		if got := joined(parse(t, `{"b":1}`)); got != `{"b":1}` {
			t.Fatalf("got %s behind a failure", got)
		}
	}
}

func TestSyntaxErrorIsShort(t *testing.T) {
	name := strings.Repeat("n", 1024)
	for _, text := range []string{
		`{"` + name + `":1,"` + name + `":2}`,
		`{"a":"\q` + name + `"}`,
		`{"a":` + name + `}`,
		`{"a":"\ud800\q` + name + `"}`,
	} {
		if _, err := schema.Parse([]byte(text)); err == nil || len(err.Error()) > 160 {
			t.Errorf("got %v, want few words", err)
		}
	}
}
