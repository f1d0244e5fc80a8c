// The small MNIST for slow lines: of 60,000 training and 10,000 test digits, 9,000 and 1,000, at even distances over
// the whole of MNIST. Its first digits would be those of few writers, and its first test digits the easy ones: the
// second half of the test is of other, less tidy writers. In the order of mnist_files.mjs.

export const files = [
  {
    name: "small-train-images-idx3-ubyte",
    bytes: 7056016,
    sha256: "849bad76d91bc15961a2109f12cde4d5ebd518191d71c9f0c969120990a31bfd",
  },
  {
    name: "small-train-labels-idx1-ubyte",
    bytes: 9008,
    sha256: "ea2640ef75aa969e70871b56a535f5a7e6afa298e476b5ea5ee1ce386fe73478",
  },
  {
    name: "small-t10k-images-idx3-ubyte",
    bytes: 784016,
    sha256: "d353016623d61d7d75190455437c57a367f81866a607a1d686b6a0afd725d50d",
  },
  {
    name: "small-t10k-labels-idx1-ubyte",
    bytes: 1008,
    sha256: "36a2921a2f1378c9f834c85856c7f19fc85e97636abd8dd0ae14fe1c056e3ed1",
  },
];
