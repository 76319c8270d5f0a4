package emulator

import (
	"encoding/base64"
	"encoding/binary"
	"math"
)

// encode writes a vector in an encoding_format, if the family knows it.
func (f *family) encode(vector []float32, format string) (written any, known bool) {
	switch format {
	case "", "float":
		return vector, true
	case "base64":
		return inBase64(vector), true
	}
	if f.openAI {
		return nil, false
	}
	switch format {
	case "int8":
		return inBytes(vector, 0), true
	case "uint8":
		return inBytes(vector, 128), true
	case "binary":
		return inBits(vector, -128), true
	case "ubinary":
		return inBits(vector, 0), true
	}
	return nil, false
}

// inBase64 is the form that SDKs of OpenAI ask for unless told otherwise: little-endian float32.
func inBase64(vector []float32) string {
	raw := make([]byte, 0, 4*len(vector))
	for _, x := range vector {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(x))
	}
	return base64.StdEncoding.EncodeToString(raw)
}

// inBytes scales the vector so that its largest number becomes 127, and adds zero.
func inBytes(vector []float32, zero int) []int {
	most := 0.0
	for _, x := range vector {
		most = max(most, math.Abs(float64(x)))
	}
	scaled := make([]int, len(vector))
	for i, x := range vector {
		scaled[i] = int(math.Round(float64(x)/most*127)) + zero
	}
	return scaled
}

// inBits packs the signs, eight in a number, the first one in its highest bit, and adds zero.
func inBits(vector []float32, zero int) []int {
	packed := make([]int, (len(vector)+7)/8)
	for i, x := range vector {
		if x > 0 {
			packed[i/8] |= 1 << (7 - i%8)
		}
	}
	for i := range packed {
		packed[i] += zero
	}
	return packed
}
