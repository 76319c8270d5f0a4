package emulator_test

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"inferenceconnector/handler/emulator"
)

// instead asks a family for something else than a chat, at the same place.
func (e endpoint) instead(t testing.TB, family, path, model, fields string, header ...string) *http.Response {
	t.Helper()
	if family == "managed-online" {
		header = append(header, "azureml-model-deployment: "+model)
	}
	address := strings.Replace(strings.ReplaceAll(chats[family], "MODEL", model), "/chat/completions", path, 1)
	return e.send(t, http.MethodPost, address, `{"model":"`+model+`",`+fields+`}`, header...)
}

// vectors asks the family where all formats are known.
func vectors(t testing.TB, e endpoint, path, fields string) (list []any) {
	t.Helper()
	response := e.instead(t, "ai-services", path, "embeddings", fields)
	body := readAll(t, response)
	if response.StatusCode != http.StatusOK {
		t.Fatalf("got %d %s", response.StatusCode, body)
	}
	for i, entry := range at(t, parse(t, body), "data").([]any) {
		equal(t, "index", at(t, entry, "index"), any(float64(i)))
		list = append(list, at(t, entry, "embedding"))
	}
	return list
}

func TestEmbeddingsInEachFamily(t *testing.T) {
	e := serve(t, emulator.Config{})
	id := regexp.MustCompile(`^[0-9a-f]{32}$`)
	for _, family := range dialects() {
		response := e.instead(t, family, "/embeddings", "embeddings", `"input":["one two","three"],"dimensions":2.0`)
		equal(t, family, response.StatusCode, 200)
		got := parse(t, readAll(t, response)).(map[string]any)
		text, has := got["id"].(string)
		openAI := strings.HasPrefix(family, "azure") || strings.HasPrefix(family, "openai")
		if has == openAI || has && !id.MatchString(text) {
			t.Errorf("%s: got id %q", family, text)
		}
		delete(got, "id")
		for _, entry := range got["data"].([]any) {
			equal(t, "dimensions", len(at(t, entry, "embedding").([]any)), 2)
			entry.(map[string]any)["embedding"] = "V"
		}
		equal(t, family, any(got), parse(t, `{"object":"list","model":"emulator/embeddings","usage":{"prompt_tokens":3,"total_tokens":3},
			"data":[{"object":"embedding","index":0,"embedding":"V"},{"object":"embedding","index":1,"embedding":"V"}]}`))
	}
}

// What is equal has equal vectors, whatever stands beside it, and all of them have length 1.
func TestVectors(t *testing.T) {
	e := serve(t, emulator.Config{})
	list := vectors(t, e, "/embeddings", `"input":["a","b","a"],"input_type":"query"`)
	equal(t, "a again", list[2], list[0])
	equal(t, "a alone", vectors(t, e, "/embeddings", `"input":"a"`), list[:1])
	if fmt.Sprint(list[0]) == fmt.Sprint(list[1]) {
		t.Error("a and b have one vector")
	}
	for _, dimensions := range []int{1, 64, 3072} {
		vector := numbers(vectors(t, e, "/embeddings", fmt.Sprintf(`"input":"a","dimensions":%d`, dimensions))[0])
		equal(t, "dimensions", len(vector), dimensions)
		sum := 0.0
		for _, x := range vector {
			sum += x * x
		}
		if math.Abs(sum-1) > 1e-5 {
			t.Errorf("%d dimensions: the square of the length is %v", dimensions, sum)
		}
	}
	equal(t, "usual dimensions", len(numbers(list[0])), 64)
}

func numbers(vector any) (list []float64) {
	for _, x := range vector.([]any) {
		list = append(list, x.(float64))
	}
	return list
}

func TestInputs(t *testing.T) {
	e := serve(t, emulator.Config{})
	one, two := vectors(t, e, "/embeddings", `"input":"1 2"`)[0], vectors(t, e, "/embeddings", `"input":"3"`)[0]
	for fields, want := range map[string][]any{
		`"input":["1 2","3"]`: {one, two},
		`"input":[1,2]`:       {one},
		`"input":[[1,2],[3]]`: {one, two},
	} {
		equal(t, fields, vectors(t, e, "/embeddings", fields), want)
	}
	const a, b = `{"image":"data:image/png;base64,AA=="`, `{"image":"data:image/png;base64,BB=="`
	pictures := vectors(t, e, "/images/embeddings", `"input":[`+a+`},`+b+`},`+a+`,"text":"a cat"},`+a+`,"text":null}]`)
	equal(t, "the same image", pictures[3], pictures[0])
	for i, other := range pictures[1:3] {
		if fmt.Sprint(other) == fmt.Sprint(pictures[0]) {
			t.Errorf("image %d has the vector of another one", i+1)
		}
	}
	for path, wrong := range map[string][]string{
		"/embeddings":        {`"input":null`, `"input":[]`, `"input":{}`, `"input":["a",1]`, `"input_type":"text"`},
		"/images/embeddings": {`"input":null`, `"input":[]`, `"input":"a"`, `"input":[{"image":""}]`},
	} {
		for _, fields := range wrong {
			response := e.instead(t, "ai-services", path, "embeddings", fields)
			equal(t, path+fields, response.StatusCode, 400)
		}
	}
}

func TestEncodings(t *testing.T) {
	e := serve(t, emulator.Config{})
	as := func(format string) any {
		return vectors(t, e, "/embeddings", `"input":"a","dimensions":12,"encoding_format":"`+format+`"`)[0]
	}
	plain := numbers(as("float"))
	raw, err := base64.StdEncoding.DecodeString(as("base64").(string))
	if err != nil || len(raw) != 4*12 {
		t.Fatalf("got %d bytes, %v", len(raw), err)
	}
	signed, shifted, packed, shiftedBits := numbers(as("int8")), numbers(as("uint8")), numbers(as("ubinary")), numbers(as("binary"))
	most := 0.0
	for i, x := range plain {
		equal(t, "base64", math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:])), float32(x))
		most = max(most, math.Abs(signed[i]))
		equal(t, "uint8", shifted[i], signed[i]+128)
		if math.Abs(signed[i]) > 1 { // rounded to 0 or not
			equal(t, "sign", signed[i] > 0, x > 0)
		}
		equal(t, "bit", int(packed[i/8])>>(7-i%8)&1 == 1, x > 0)
	}
	equal(t, "the largest", most, 127.0)
	equal(t, "packed", len(packed), 2)
	for i := range packed {
		equal(t, "binary", shiftedBits[i], packed[i]-128)
	}
}

func TestVectorsThatCannotBe(t *testing.T) {
	e := serve(t, emulator.Config{})
	for fields, parameter := range map[string]string{
		`"dimensions":0`: "dimensions", `"dimensions":3073`: "dimensions", `"dimensions":1.5`: "dimensions", `"dimensions":1e30`: "dimensions",
		`"encoding_format":"int4"`: "encoding_format",
	} {
		response := e.instead(t, "ai-services", "/embeddings", "embeddings", `"input":"a",`+fields)
		equal(t, fields, response.StatusCode, 422)
		equal(t, fields, at(t, parse(t, readAll(t, response)), "detail", 0, "loc"), any([]any{"body", parameter}))
	}
	for _, family := range []string{"azure-openai", "azure-openai v1", "openai-compatible"} {
		response := e.instead(t, family, "/embeddings", "embeddings", `"input":"a","encoding_format":"int8"`)
		equal(t, family, response.StatusCode, 400)
		equal(t, family, at(t, parse(t, readAll(t, response)), "error", "param"), any("encoding_format"))
	}
}
