/* An inline variable of default visibility becomes a GNU_UNIQUE symbol. */
#include <keel/keel.h>
template <class T> struct __attribute__((visibility("default"))) Shared { static int value; };
template <class T> int Shared<T>::value = 1;
extern "C" KEEL_EXPORT const keel_entry *keel_entry_v0(void);
const keel_entry *keel_entry_v0(void)
{
    Shared<int>::value++;
    return nullptr;
}
