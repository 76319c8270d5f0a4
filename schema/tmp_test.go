package schema

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestTmp(t *testing.T) {
	s := time.Now()
	as, err := Load()
	fmt.Println(time.Since(s))
	if err != nil {
		t.Fatal(err)
	}
	var chat *Action
	for _, a := range as {
		fmt.Println(a.ID, a.Method, a.Path, len(a.Parameters))
		if a.ID == "GetChatCompletions" {
			chat = a
		}
	}
	for _, b := range []string{`{"messages":[]}`, `{"temperature":1.5,"messages":[{"role":"user","content":[{"type":"text"},{"type":"x"}]},{"role":"bot"},{"content":"x"},5]}`, `{}`, `{"messages":[{"role":"user","content":"a"}],"stop":"x","seed":1.5,"max_tokens":99999999999,"tool_choice":"x","model":null,"tools":[{"function":{"name":"a b"}}], "response_format":{"type":"json_schema"}}`} {
		d, err := Parse([]byte(b))
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range chat.CheckBody(d) {
			fmt.Println("  ", v.Pointer(), "|", v.Place(), v.Rule, v.Input)
		}
		fmt.Println(" ", string(join(d.Segments())))
	}
	fmt.Println(chat.CheckValues(Query, map[string]string{}), chat.CheckValues(Query, map[string]string{"api-version": "x"}), chat.CheckValues(Header, map[string]string{"extra-parameters": "x"}))
	for _, b := range []string{`{"a":1,"a":2}`, `[]`, ``, `{"a":`, `{} x`, `{"a":1e999}`, "{\"a\":\"\xff\"}", `{"a":"\ud800"}`, "\ufeff{}", `{"a":NaN}`, strings.Repeat(`{"a":`, 70), `{"a" : {"b":1,"b":2}}`, `{"a":{}} {"b"}`, `nul`} {
		_, err := Parse([]byte(b))
		fmt.Println(err)
	}
	d, _ := Parse([]byte(` { "a" : 1 , "b":"x" , "c":[1, 2] } `))
	d.Set("b", `"y"`)
	d.Remove("a")
	d.Set("z", "0.7")
	d.Rename("c", "cc")
	fmt.Println(string(join(d.Segments())))
}
func join(s [][]byte) (o []byte) {
	for _, x := range s {
		o = append(o, x...)
	}
	return
}
func BenchmarkB(b *testing.B) {
	as, _ := Load()
	var chat *Action
	for _, a := range as {
		if a.ID == "GetChatCompletions" {
			chat = a
		}
	}
	one := []byte(`{"model":"m","messages":[{"role":"system","content":"` + strings.Repeat("a", 300) + `"},{"role":"user","content":"` + strings.Repeat("b", 600) + `"}],"temperature":0.5,"max_tokens":100}`)
	var sb strings.Builder
	sb.WriteString(`{"model":"m","messages":[`)
	for i := 0; sb.Len() < 100000; i++ {
		if i > 0 {
			sb.WriteString(",")
		}
		sb.WriteString(fmt.Sprintf(`{"role":"user","content":"%s"},{"role":"assistant","content":"%s"}`, strings.Repeat("a", 300), strings.Repeat("b", 300)))
	}
	sb.WriteString("]}")
	two := []byte(`{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,` + strings.Repeat("A", 2<<20) + `"}}]}]}`)
	var bad strings.Builder
	bad.WriteString(`{"messages":[`)
	for i := 0; i < 33000; i++ {
		if i > 0 {
			bad.WriteString(",")
		}
		bad.WriteString(`{"role":"x","content":""}`)
	}
	bad.WriteString("]}")
	for n, x := range map[string][]byte{"1k": one, "100k": []byte(sb.String()), "2M": two, "hostile": []byte(bad.String())} {
		b.Run(n+"/parse", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Parse(x)
			}
		})
		b.Run(n+"/check", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				d, _ := Parse(x)
				chat.CheckBody(d)
			}
		})
	}
}
