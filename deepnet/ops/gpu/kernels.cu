// The engine's own kernels; deepnet/ops/gpu/launch.py compiles and launches them.
//
// Arrays are contiguous with channels last. A sweep is a whole number of pixels: a thread starts at
// its own number t < sweep and goes on by a sweep, so that it stays in the channel t % channels, and
// neighbouring threads read neighbouring numbers. Threads do not meet: no shared memory, no barrier,
// no atomic operation. So results are the same every time, and a C++ compiler can run them.

typedef long long number;

#define START number t = (number)blockIdx.x * blockDim.x + threadIdx.x; if (t >= sweep) return;
#define EACH for (number i = t; i < n; i += sweep)

// Below this softplus and its slope are zero.
#define TINY 1e-30

// --- sums over a channel: those of thread t, product by product, are partial[product * sweep + t]

template <typename T>
__global__ void sums(T* partial, const T* x, number n, number sweep) {
  START
  T a = 0;
  EACH a += x[i];
  partial[t] = a;
}

template <typename T>
__global__ void products(T* partial, const T* g, const T* x, number n, number sweep) {
  START
  T a = 0;
  EACH a += g[i] * x[i];
  partial[t] = a;
}

template <typename T>
__global__ void squares(T* partial, const T* x, const T* mean, number n, number sweep, int channels) {
  START
  T a = 0, m = mean[t % channels];
  EACH a += (x[i] - m) * (x[i] - m);
  partial[t] = a;
}

template <typename T>
__global__ void sums_of_direction(T* partial, const T* y, const T* d, number n, number sweep) {
  START
  T a = 0, b = 0;
  EACH { a += d[i]; b += y[i] * d[i]; }
  partial[t] = a; partial[sweep + t] = b;
}

template <typename T>
__global__ void sums_of_bend(T* partial, const T* y, const T* g, const T* dx, const T* dy,
                             const T* dg, number n, number sweep) {
  START
  T a = 0, b = 0, c = 0, d = 0, e = 0, f = 0;
  EACH {
    a += g[i]; b += y[i] * g[i]; c += y[i] * dx[i];
    d += dy[i] * g[i]; e += dg[i]; f += y[i] * dg[i];
  }
  partial[t] = a; partial[sweep + t] = b; partial[2 * sweep + t] = c;
  partial[3 * sweep + t] = d; partial[4 * sweep + t] = e; partial[5 * sweep + t] = f;
}

// --- a number a channel

template <typename T>
__global__ void scale(T* out, const T* x, const T* a, number n, number sweep, int channels) {
  START
  T s = a[t % channels];
  EACH out[i] = x[i] * s;
}

template <typename T>
__global__ void shift(T* out, const T* x, const T* b, number n, number sweep, int channels) {
  START
  T m = b[t % channels];
  EACH out[i] = x[i] + m;
}

// --- batch norm, entry by entry

template <typename T>
__global__ void standardise(T* out, const T* x, const T* mean, const T* inverse, number n,
                            number sweep, int channels) {
  START
  int c = t % channels;
  T m = mean[c], s = inverse[c];
  EACH out[i] = (x[i] - m) * s;
}

template <typename T>
__global__ void jacobian(T* out, const T* y, const T* d, const T* inverse, const T* mean,
                         const T* along, number n, number sweep, int channels) {
  START
  int c = t % channels;
  T s = inverse[c], m = mean[c], a = along[c];
  EACH out[i] = s * (d[i] - m - y[i] * a);
}

template <typename T>
__global__ void bend(T* out, const T* y, const T* g, const T* dy, const T* dg, const T* inverse,
                     const T* shrink, const T* along_g, const T* along, const T* constant, number n,
                     number sweep, int channels) {
  START
  int c = t % channels;
  T s = inverse[c], k = shrink[c], ag = along_g[c], a = along[c], b = constant[c];
  EACH out[i] = s * (dg[i] - (k * g[i] + ag * dy[i] + a * y[i]) + b);
}

// --- activations

template <typename T>
__global__ void times_slope(T* out, const T* slope, const T* g, number n, number sweep) {
  START
  EACH out[i] = slope[i] * g[i];
}

template <typename T>
__global__ void bend_of_pointwise(T* out, const T* slope, const T* dg, const T* second, const T* dx,
                                  const T* g, number n, number sweep) {
  START
  EACH out[i] = slope[i] * dg[i] + second[i] * dx[i] * g[i];
}

template <typename T>
__global__ void relu(T* y, T* slope, const T* x, number n, number sweep) {
  START
  EACH {
    y[i] = x[i] < 0 ? T(0) : x[i];  // nan stays nan
    slope[i] = x[i] > 0 ? T(1) : T(0);
  }
}

template <typename T>
__global__ void softplus(T* y, T* slope, const T* x, T beta, number n, number sweep) {
  START
  EACH {
    T z = beta * x[i], e = exp(z < 0 ? z : -z);
    T value = ((z > 0 ? z : T(0)) + log1p(e)) / beta, rise = (z >= 0 ? T(1) : e) / (1 + e);
    y[i] = value < T(TINY) ? T(0) : value;  // nan stays nan
    slope[i] = rise < T(TINY) ? T(0) : rise;
  }
}

// --- float32 to the bits of bfloat16, to the nearest and of two equally near the even one

template <typename T>
__global__ void rounded(unsigned short* out, const T* x, number n, number sweep) {
  START
  EACH {
    union { float value; unsigned int bits; } u;
    u.value = x[i];
    bool nan = u.value != u.value;
    out[i] = nan ? 0x7fc0 : (u.bits + 0x7fffu + ((u.bits >> 16) & 1u)) >> 16;
  }
}

// --- maximum pool: n counts the windows' channels; a window's place is its row and its column

#define WINDOW                                                                   \
  int pixel = i / channels, row = pixel / width, column = pixel % width;         \
  number first = (((number)row * size * width + column) * size) * channels + i % channels;
#define AT(a, b) (first + ((number)(a) * width * size + (b)) * channels)

template <typename T>
__global__ void maxima(T* y, unsigned char* choice, const T* x, number n, number sweep, int channels,
                       int width, int size) {
  START
  EACH {
    WINDOW
    T best = x[first];
    int where = 0;
    for (int a = 0; a < size; ++a)
      for (int b = 0; b < size; ++b) {
        T other = x[AT(a, b)];
        if (other > best) { best = other; where = a * size + b; }
      }
    y[i] = best;
    choice[i] = where;
  }
}

template <typename T>
__global__ void chosen(T* out, const T* x, const unsigned char* choice, number n, number sweep,
                       int channels, int width, int size) {
  START
  EACH {
    WINDOW
    out[i] = x[AT(choice[i] / size, choice[i] % size)];
  }
}

template <typename T>
__global__ void put_back(T* out, const T* g, const unsigned char* choice, number n, number sweep,
                         int channels, int width, int size) {
  START
  EACH {
    WINDOW
    for (int a = 0; a < size; ++a)
      for (int b = 0; b < size; ++b) out[AT(a, b)] = choice[i] == a * size + b ? g[i] : T(0);
  }
}

// --- softmax cross-entropy: n examples, a thread each

template <typename T>
__global__ void softmax(T* terms, T* p, T* s, T* slope, const T* z, const T* target, number n,
                        number sweep, int classes) {
  START
  EACH {
    number row = i * classes;
    T highest = z[row], partition = 0, weight = 0, term = 0;
    for (int k = 1; k < classes; ++k) if (z[row + k] > highest) highest = z[row + k];
    for (int k = 0; k < classes; ++k) {
      partition += p[row + k] = exp(z[row + k] - highest);
      weight += target[row + k];
    }
    T logarithm = log(partition);
    for (int k = 0; k < classes; ++k) {
      p[row + k] /= partition;
      slope[row + k] = (weight * p[row + k] - target[row + k]) / n;
      term += target[row + k] * (logarithm - (z[row + k] - highest));
    }
    s[i] = weight;
    terms[i] = term;
  }
}

template <typename T>
__global__ void bend_of_softmax(T* out, const T* g, const T* p, const T* s, const T* dz, number n,
                                number sweep, int classes) {
  START
  EACH {
    number row = i * classes;
    T along = 0;
    for (int k = 0; k < classes; ++k) along += p[row + k] * dz[row + k];
    for (int k = 0; k < classes; ++k)
      out[row + k] = g[0] * s[i] * p[row + k] * (dz[row + k] - along) / n;
  }
}

// --- gradient descent

template <typename T>
__global__ void descended(T* moved, T* velocity, const T* w, const T* old, const T* g, T lr,
                          T momentum, T decay, int nesterov, number n, number sweep) {
  START
  EACH {
    T push = lr * (g[i] + decay * w[i]), v = momentum * old[i] - push;
    velocity[i] = v;
    moved[i] = w[i] + (nesterov ? momentum * v - push : v);
  }
}

// --- a product of matrices: y (rows, columns), a sum of ``inner`` terms an entry; how far the next
// row or column of a and of b is

template <typename T>
__global__ void matrix_product(T* y, const T* a, const T* b, number inner, number columns,
                               number a_row, number a_column, number b_row, number b_column,
                               number n, number sweep) {
  START
  EACH {
    const T *p = a + i / columns * a_row, *q = b + i % columns * b_column;
    T total = 0;
    for (number k = 0; k < inner; ++k) total += p[k * a_column] * q[k * b_row];
    y[i] = total;
  }
}
