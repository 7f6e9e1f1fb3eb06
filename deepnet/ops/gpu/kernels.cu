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

// --- one number per channel

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
__device__ T flushed(T value) { return value < T(TINY) ? T(0) : value; }  // nan stays nan

template <typename T>
__device__ T softplus_value(T x, T beta) {
  T z = beta * x, e = exp(z < 0 ? z : -z);
  return flushed(((z > 0 ? z : T(0)) + log1p(e)) / beta);
}

template <typename T>
__device__ T softplus_slope(T x, T beta) {
  T z = beta * x, e = exp(z < 0 ? z : -z);
  return flushed((z >= 0 ? T(1) : e) / (1 + e));
}

template <typename T>
__device__ T softplus_second(T x, T beta) {
  T z = beta * x, e = exp(z < 0 ? z : -z);
  return flushed(beta * e / ((1 + e) * (1 + e)));
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
  EACH { y[i] = softplus_value(x[i], beta); slope[i] = softplus_slope(x[i], beta); }
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

// --- maximum pool: n counts the windows' channels; places in a window are counted row by row

#define CHANNEL unsigned c = t % channels, pixel = t / channels, pixels = sweep / channels;
#define EACH_WINDOW for (number i = t; i < n; i += sweep, pixel += pixels)
#define WINDOW                                                                  \
  unsigned row = pixel / width, column = pixel - row * width;                   \
  number first = (((number)row * size * width + column) * size) * channels + c;
#define AT(a, b) (first + ((number)(a) * width * size + (b)) * channels)

template <typename T>
__global__ void maxima(T* y, unsigned char* choice, const T* x, number n, number sweep, int channels,
                       int width, int size) {
  START
  CHANNEL
  EACH_WINDOW {
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
  CHANNEL
  EACH_WINDOW {
    WINDOW
    out[i] = x[AT(choice[i] / size, choice[i] % size)];
  }
}

template <typename T>
__global__ void put_back(T* out, const T* g, const unsigned char* choice, number n, number sweep,
                         int channels, int width, int size) {
  START
  CHANNEL
  EACH_WINDOW {
    WINDOW
    for (int a = 0; a < size; ++a)
      for (int b = 0; b < size; ++b) out[AT(a, b)] = choice[i] == a * size + b ? g[i] : T(0);
  }
}

// --- batch norm, activation and maximum pool as one: deepnet/ops/fused.py has the formulas. n counts
// the windows' channels, factors has rows of one number per channel, kind is 0 for ReLU and 1 for
// softplus.

#define FACTOR(row) factors[(row) * channels + c]
#define CHOSEN number at = AT(size > 1 ? choice[i] / size : 0, size > 1 ? choice[i] % size : 0);

template <typename T>
__device__ T curve_value(T z, T beta, int kind) {
  return kind ? softplus_value(z, beta) : z < 0 ? T(0) : z;
}

template <typename T>
__device__ T curve_slope(T z, T beta, int kind) {
  return kind ? softplus_slope(z, beta) : z > 0 ? T(1) : T(0);
}

template <typename T>
__device__ T curve_second(T z, T beta, int kind) {
  return kind ? softplus_second(z, beta) : T(0);
}

// One thread per channel: n counts the channels.

#define ROW(array, row) array[(row) * n + i]

template <typename T>
__global__ void factors_of_direction(T* out, const T* factors, const T* means, const T* dscale,
                                     const T* dshift, number n, number sweep) {
  START
  EACH {
    T scale = ROW(factors, 0), inverse = ROW(factors, 2);
    T mean = ROW(means, 0), along = ROW(means, 1);
    ROW(out, 0) = scale; ROW(out, 1) = ROW(factors, 1);
    ROW(out, 2) = scale * inverse;
    ROW(out, 3) = scale * (-inverse * along) + dscale[i];
    ROW(out, 4) = scale * (-inverse * mean) + dshift[i];
    ROW(out, 5) = inverse; ROW(out, 6) = -inverse * along; ROW(out, 7) = -inverse * mean;
  }
}

template <typename T>
__global__ void factors_of_pull(T* out, const T* factors, const T* means, number n, number sweep) {
  START
  EACH {
    T of_g = ROW(factors, 2) * ROW(factors, 0);
    ROW(out, 0) = ROW(factors, 0); ROW(out, 1) = ROW(factors, 1); ROW(out, 2) = of_g;
    ROW(out, 3) = -of_g * ROW(means, 1); ROW(out, 4) = -of_g * ROW(means, 0);
  }
}

template <typename T>
__global__ void factors_of_bend(T* out, const T* factors, const T* inverse, const T* along,
                                const T* means, const T* dscale, number n, number sweep) {
  START
  EACH {
    T mean = ROW(means, 0), at_y = ROW(means, 1), turn = ROW(means, 2);
    T mean_dg = ROW(means, 3), at_y_dg = ROW(means, 4);
    T s = inverse[i], scale = ROW(factors, 0), turned = dscale[i];
    T shrink = s * along[i], of_dy = scale * at_y;
    T y = scale * (at_y_dg + turn) + turned * at_y - shrink * of_dy;
    T one = scale * mean_dg + turned * mean - shrink * scale * mean;
    for (int row = 0; row < 5; ++row) ROW(out, row) = ROW(factors, row);
    ROW(out, 5) = scale * s;
    ROW(out, 6) = (turned - shrink * scale) * s;
    ROW(out, 7) = -of_dy * ROW(factors, 5) * s;
    ROW(out, 8) = (-y - of_dy * ROW(factors, 6)) * s;
    ROW(out, 9) = (-one - of_dy * ROW(factors, 7)) * s;
  }
}

// G and dG at a place, from g, dg, z and dz there.
template <typename T>
__device__ void sloped(T* G, T* dG, T g, T dg, T z, T dz, T beta, int kind) {
  T slope = curve_slope(z, beta, kind);
  *G = slope * g;
  *dG = slope * dg + curve_second(z, beta, kind) * dz * g;
}

template <typename T>
__global__ void activated(T* y, T* out, unsigned char* choice, const T* x, const T* factors, T beta,
                          int kind, number n, number sweep, int channels, int width, int size) {
  START
  CHANNEL
  T scale = FACTOR(0), shift = FACTOR(1), inverse = FACTOR(2), mean = FACTOR(3);
  EACH_WINDOW {
    WINDOW
    T best = 0;
    int where = 0;
    for (int a = 0; a < size; ++a)
      for (int b = 0; b < size; ++b) {
        T u = (x[AT(a, b)] - mean) * inverse, value = curve_value(scale * u + shift, beta, kind);
        y[AT(a, b)] = u;
        if (a + b == 0 || value > best) { best = value; where = a * size + b; }
      }
    out[i] = best;
    if (size > 1) choice[i] = where;
  }
}

template <typename T>
__global__ void pushed(T* out, const T* y, const unsigned char* choice, const T* dx,
                       const T* factors, T beta, int kind, number n, number sweep, int channels,
                       int width, int size) {
  START
  CHANNEL
  T scale = FACTOR(0), shift = FACTOR(1), of_dx = FACTOR(2), of_y = FACTOR(3), constant = FACTOR(4);
  EACH_WINDOW {
    WINDOW
    CHOSEN
    T u = y[at], dz = of_dx * dx[at] + of_y * u + constant;
    out[i] = curve_slope(scale * u + shift, beta, kind) * dz;
  }
}

template <typename T>
__global__ void sums_of_pull(T* partial, const T* y, const unsigned char* choice, const T* g,
                             const T* factors, T beta, int kind, number n, number sweep,
                             int channels, int width, int size) {
  START
  CHANNEL
  T scale = FACTOR(0), shift = FACTOR(1), a = 0, b = 0;
  EACH_WINDOW {
    WINDOW
    CHOSEN
    T u = y[at], G = curve_slope(scale * u + shift, beta, kind) * g[i];
    a += G; b += u * G;
  }
  partial[t] = a; partial[sweep + t] = b;
}

template <typename T>
__global__ void pulled(T* out, const T* y, const unsigned char* choice, const T* g,
                       const T* factors, T beta, int kind, number n, number sweep, int channels,
                       int width, int size) {
  START
  CHANNEL
  T scale = FACTOR(0), shift = FACTOR(1), of_g = FACTOR(2), of_y = FACTOR(3), constant = FACTOR(4);
  EACH_WINDOW {
    WINDOW
    CHOSEN
    for (int a = 0; a < size; ++a)
      for (int b = 0; b < size; ++b) {
        number place = AT(a, b);
        T u = y[place], v = of_y * u + constant;
        if (place == at) v += of_g * (curve_slope(scale * u + shift, beta, kind) * g[i]);
        out[place] = v;
      }
  }
}

template <typename T>
__global__ void sums_of_curved(T* partial, const T* y, const unsigned char* choice, const T* dx,
                               const T* g, const T* dg, const T* factors, T beta, int kind,
                               number n, number sweep, int channels, int width, int size) {
  START
  CHANNEL
  T scale = FACTOR(0), shift = FACTOR(1), z_dx = FACTOR(2), z_y = FACTOR(3), z_one = FACTOR(4);
  T y_dx = FACTOR(5), y_y = FACTOR(6), y_one = FACTOR(7), a = 0, b = 0, d = 0, e = 0, f = 0;
  EACH_WINDOW {
    WINDOW
    CHOSEN
    T u = y[at], dz = z_dx * dx[at] + z_y * u + z_one, dy = y_dx * dx[at] + y_y * u + y_one, G, dG;
    sloped(&G, &dG, g[i], dg[i], scale * u + shift, dz, beta, kind);
    a += G; b += u * G; d += dy * G; e += dG; f += u * dG;
  }
  partial[t] = a; partial[sweep + t] = b; partial[2 * sweep + t] = d;
  partial[3 * sweep + t] = e; partial[4 * sweep + t] = f;
}

template <typename T>
__global__ void bent(T* out, const T* y, const unsigned char* choice, const T* dx, const T* g,
                     const T* dg, const T* factors, T beta, int kind, number n, number sweep,
                     int channels, int width, int size) {
  START
  CHANNEL
  T scale = FACTOR(0), shift = FACTOR(1), z_dx = FACTOR(2), z_y = FACTOR(3), z_one = FACTOR(4);
  T of_dG = FACTOR(5), of_G = FACTOR(6), of_dx = FACTOR(7), of_y = FACTOR(8), constant = FACTOR(9);
  EACH_WINDOW {
    WINDOW
    CHOSEN
    for (int a = 0; a < size; ++a)
      for (int b = 0; b < size; ++b) {
        number place = AT(a, b);
        T u = y[place], v = of_dx * dx[place] + of_y * u + constant;
        if (place == at) {
          T dz = z_dx * dx[place] + z_y * u + z_one, G, dG;
          sloped(&G, &dG, g[i], dg[i], scale * u + shift, dz, beta, kind);
          v += of_dG * dG + of_G * G;
        }
        out[place] = v;
      }
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
__global__ void descended(T* moved, T* velocity, const T* w, const T* old, const T* g,
                          const T* lr, T momentum, T decay, int nesterov, number n, number sweep) {
  START
  const T rate = *lr;
  EACH {
    T push = rate * (g[i] + decay * w[i]), v = momentum * old[i] - push;
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
